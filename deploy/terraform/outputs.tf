output "service" {
  description = "Address of the service."
  value       = google_cloud_run_v2_service.this["service"].uri
}

output "worker" {
  description = "Address of the worker, for Pub/Sub and Cloud Scheduler."
  value       = google_cloud_run_v2_service.this["worker"].uri
}

output "webhook" {
  description = "What GitHub's webhook is given as its payload URL; none without the gateway."
  value       = var.webhook ? "https://${google_api_gateway_gateway.webhook[0].default_hostname}/webhooks/github" : null
}

output "bucket" {
  description = "Where blobs are. What others put below TENANT/repos/ can be indexed."
  value       = google_storage_bucket.blobs.url
}
