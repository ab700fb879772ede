terraform {
  # 1.11 knows values that are written and not kept in the state: the secrets.
  required_version = ">= 1.11"

  # terraform init -backend-config=bucket=NAME: a bucket that few can read, for Redis' password is in the state.
  backend "gcs" {
    prefix = "astlas"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "~> 6.50"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

# For API Gateway alone, which is still beta in the provider.
provider "google-beta" {
  project = var.project
  region  = var.region
}

data "google_project" "this" {}

resource "google_project_service" "needed" {
  for_each = toset(concat([
    "cloudscheduler.googleapis.com",
    "compute.googleapis.com",
    "iam.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "redis.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
    ], var.webhook ? [
    "apigateway.googleapis.com",
    "servicecontrol.googleapis.com",
    "servicemanagement.googleapis.com",
  ] : []))

  service            = each.value
  disable_on_destroy = false
}
