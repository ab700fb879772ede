include "root" {
#        ^ definition.section
  path = "../root.hcl"
#         ^ import
}

terraform {
  source = "../modules//app"
#           ^ import
}

dependency "vpc" {
#           ^ definition.section
  config_path = "../vpc"
#                ^ import
}

inputs = {
# <- reference.identifier
  region = "eu-west-1"
# ^ reference.identifier
  vpc_id = dependency.vpc.outputs.id
# ^ reference.identifier
#                     ^ reference.identifier
}

variable "TAG" { default = "latest" }
#         ^ definition.variable

group "web" {
#      ^ definition.section
  target "app" {
#         ^ definition.section web
    tags = ["shop:${TAG}", increment(TAG)]
#                   ^ reference.identifier web.app
#                          ^ reference.call web.app
#                                    ^ reference.identifier web.app
    name = TAG
#          ^ reference.identifier web.app
  }
}

function "increment" {
#         ^ definition.function
  params = [number]
  result = number + 1
}
