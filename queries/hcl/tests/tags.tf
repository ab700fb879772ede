terraform {
  required_version = ">= 1.5"
}

provider "aws" {
#         ^ definition.section
  region = var.region
#              ^ reference.identifier aws
}

variable "region" {
#         ^ definition.variable
  description = "Where everything is built."
  type        = string
#               ^ reference.identifier region
}
variable "tags" {}
#         ^ definition.variable

locals {
  prefix = "shop-${var.region}"
# ^ definition.constant
#                      ^ reference.identifier prefix
  names  = [for name in keys(var.tags) : upper(name)]
# ^ definition.constant
#                       ^ reference.call names
#                                ^ reference.identifier names
#                                        ^ reference.call names
#                                              ^ reference.identifier names
}

data "aws_ami" "linux" {
#     ^ definition.implementation
#     ^ reference.type
#               ^ definition.object aws_ami
  most_recent = true
}

# What serves the shop.
resource "aws_instance" "web" {
#         ^ definition.implementation
#         ^ reference.type
#                        ^ definition.object aws_instance
  ami       = data.aws_ami.linux.id
#                  ^ reference.type aws_instance.web
#                          ^ reference.identifier aws_instance.web
  subnet_id = module.network.subnet_ids[0]
#                    ^ reference.module aws_instance.web
#                            ^ reference.identifier aws_instance.web
  tags      = merge(local.names, { Name = "${local.prefix}-web" })
#             ^ reference.call aws_instance.web
#                         ^ reference.identifier aws_instance.web
#                                                  ^ reference.identifier aws_instance.web
  count     = var.region == "eu" && !var.closed && aws_vpc.main.default ? 1 : 0
#                 ^ reference.identifier aws_instance.web
#                                        ^ reference.identifier aws_instance.web
#                                                          ^ reference.identifier aws_instance.web

  dynamic "setting" {
    for_each = var.tags
#                  ^ reference.identifier aws_instance.web
    content {
      value = setting.value
    }
  }
  provisioner "local-exec" {
    command = "true"
  }
}

resource aws_eip address {}
#        ^ definition.implementation
#                ^ definition.object aws_eip

module "network" {
#       ^ definition.module
  source = "./modules/network"
#           ^ import
  cidr   = "10.0.0.0/16"
# ^ reference.identifier network
}

output "address" {
#       ^ definition.property
#       ^ export
  description = "Where the shop is found."
  value       = aws_instance.web[0].public_ip
#               ^ reference.type address
#                            ^ reference.identifier address
}
output "names" { value = local.names }
#       ^ definition.property
#       ^ export
