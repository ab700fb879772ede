variable "project" {
  description = "Google's name of the project."
  type        = string
}

variable "region" {
  description = "Region of everything. API Gateway is not in all of them: its list is shorter than Cloud Run's."
  type        = string
  default     = "europe-west1"
}

variable "image" {
  description = "Image of deploy/Containerfile, by digest: REGION-docker.pkg.dev/PROJECT/REPOSITORY/astlas@sha256:..."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Give the image by its digest, so that what runs is what was tested."
  }
}

variable "sidecar" {
  description = "Google's image that reads /metrics and hands them to Managed Service for Prometheus."
  type        = string
  default     = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"
}

variable "bucket" {
  description = "Name of the bucket of blobs: unique in all of Cloud Storage."
  type        = string
}

variable "bucket_location" {
  description = "Where the bucket is: the region of everything else, or one of two regions (EU, US) that holds it."
  type        = string
  default     = "europe-west1"
}

variable "tenants" {
  description = "Whose jobs and archives in the bucket have a lifecycle: tenants that `astlas tenants create` made belong here, too."
  type        = set(string)
  default     = ["local"]

  validation {
    condition     = length(var.tenants) > 0 && alltrue([for tenant in var.tenants : can(regex("^[a-z0-9][a-z0-9-]*$", tenant))])
    error_message = "Name at least one tenant; names have small letters, digits and hyphens."
  }
}

variable "invokers" {
  description = "Who may ask the service: user:..., serviceAccount:..., group:... Never allUsers."
  type        = set(string)
  default     = []

  validation {
    condition     = length(setintersection(var.invokers, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "The service is guarded by these names alone; name people and accounts."
  }
}

variable "webhook" {
  description = "Whether GitHub's events come in, over an API gateway that lets through their path alone."
  type        = bool
  default     = true
}

variable "forge_secret" {
  description = "What GitHub signs its events with: `openssl rand -hex 32`. Not kept in the state."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "forge_token" {
  description = "What archives are fetched from GitHub with: a fine-grained token that may read contents. Not kept in the state."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "forge_version" {
  description = "Count it up when forge_secret or forge_token is another one: without that the change is not seen."
  type        = number
  default     = 1
}

variable "redis_gb" {
  description = "Memory of Redis, in GiB."
  type        = number
  default     = 1
}

variable "redis_tier" {
  description = "BASIC, or STANDARD_HA: with a replica. Losing Redis costs time and no answer, so BASIC is enough for most."
  type        = string
  default     = "BASIC"
}

variable "instances" {
  description = "Fewest and most instances of service and worker."
  type = object({
    service = optional(object({ min = optional(number, 0), max = optional(number, 10) }), {})
    worker  = optional(object({ min = optional(number, 0), max = optional(number, 10) }), {})
  })
  default = {}
}

variable "uptime" {
  description = "Whether three regions ask every minute if the service is ready. It keeps an instance from going away."
  type        = bool
  default     = true
}

variable "sweep_days" {
  description = "After how many days a commit is forgotten, unless its repository is pinned."
  type        = number
  default     = 30
}

variable "notification_channels" {
  description = "Who hears of alerts: projects/PROJECT/notificationChannels/ID."
  type        = list(string)
  default     = []
}

variable "documents" {
  description = "Address of a copy of this repository, in front of docs/operations.md in alerts. Ends with a slash."
  type        = string
  default     = "https://example.org/astlas/"
}
