# Accounts, each with what it needs and no more.

# What service and worker run as. The worker needs no secret of the webhook, but both read one configuration.
resource "google_service_account" "run" {
  for_each     = toset(["service", "worker"])
  account_id   = "astlas-${each.value}"
  display_name = "Astlas: ${each.value}"
}

# Reads, writes, lists and deletes objects; cannot see or change the bucket itself.
resource "google_storage_bucket_iam_member" "objects" {
  for_each = google_service_account.run
  bucket   = google_storage_bucket.blobs.name
  role     = "roles/storage.objectUser"
  member   = each.value.member
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
  for_each = {
    for pair in setproduct(keys(google_service_account.run), keys(local.secrets)) : join(" ", pair) => pair
  }
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
