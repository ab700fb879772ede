resource "google_cloud_scheduler_job" "sweep" {
  name             = "astlas-sweep"
  description      = "Forgets commits that were indexed more than ${var.sweep_days} days ago"
  schedule         = "17 3 * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "600s"

  # It goes on where it ended.
  retry_config {
    retry_count = 3
  }

  http_target {
    http_method = "POST"
    uri         = "${google_cloud_run_v2_service.this["worker"].uri}/internal/sweep"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode(jsonencode({ older_than_days = var.sweep_days }))
    oidc_token {
      service_account_email = google_service_account.caller.email
      audience              = google_cloud_run_v2_service.this["worker"].uri
    }
  }

  depends_on = [google_project_service.needed]
}
