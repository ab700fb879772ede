# Accounts, each with what it needs and no more.

# What service and worker run as.
resource "google_service_account" "run" {
  for_each     = toset(["service", "worker"])
  account_id   = "astlas-${each.value}"
  display_name = "Astlas: ${each.value}"
}

locals {
  # Tenants and their API keys (docs/service.md). The service makes keys and asks for them; nobody shows the worker one.
  identity = "projects/_/buckets/${google_storage_bucket.blobs.name}/objects/_identity/"

  # Both read, write, list and delete objects; neither sees or changes the bucket itself.
  objects = {
    service = { account = "service", role = "roles/storage.objectUser", only = null }
    worker = {
      account = "worker"
      role    = "roles/storage.objectUser"
      only    = "!resource.name.startsWith(\"${local.identity}\")"
    }
    # The sweep goes through all tenants, and whoever acts for one must not be disabled.
    worker_tenants = {
      account = "worker"
      role    = "roles/storage.objectViewer"
      only    = "resource.name.startsWith(\"${local.identity}tenants/\")"
    }
  }
}

resource "google_storage_bucket_iam_member" "objects" {
  for_each = local.objects
  bucket   = google_storage_bucket.blobs.name
  role     = each.value.role
  member   = google_service_account.run[each.value.account].member

  dynamic "condition" {
    for_each = each.value.only[*]
    content {
      title      = each.key
      expression = condition.value
    }
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = google_service_account.run
  topic    = google_pubsub_topic.jobs.name
  role     = "roles/pubsub.publisher"
  member   = each.value.member
}

# Health looks whether the topic is there, which who may publish alone does not see.
resource "google_pubsub_topic_iam_member" "viewer" {
  for_each = google_service_account.run
  topic    = google_pubsub_topic.jobs.name
  role     = "roles/pubsub.viewer"
  member   = each.value.member
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = merge([
    for name, secret in local.secrets : { for reader in secret.readers : "${reader} ${name}" => [reader, name] }
  ]...)
  secret_id = google_secret_manager_secret.this[each.value[1]].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.run[each.value[0]].member
}

# For the sidecar, which writes the metrics.
resource "google_project_iam_member" "metrics" {
  for_each = google_service_account.run
  project  = var.project
  role     = "roles/monitoring.metricWriter"
  member   = each.value.member
}

# What Pub/Sub and Cloud Scheduler call the worker as.
resource "google_service_account" "caller" {
  account_id   = "astlas-caller"
  display_name = "Astlas: pushes messages, starts the sweep"
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  name     = google_cloud_run_v2_service.this["worker"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.caller.member
}

resource "google_cloud_run_v2_service_iam_member" "invokers" {
  for_each = var.invokers
  name     = google_cloud_run_v2_service.this["service"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
