resource "google_pubsub_topic" "jobs" {
  name       = "astlas-jobs"
  depends_on = [google_project_service.needed]
}

# What could not be done after many tries. Nobody works on it: docs/operations.md says what to do.
resource "google_pubsub_topic" "dead" {
  name       = "astlas-dead"
  depends_on = [google_project_service.needed]
}

resource "google_pubsub_subscription" "dead" {
  name                       = "astlas-dead"
  topic                      = google_pubsub_topic.dead.id
  message_retention_duration = "1209600s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_subscription" "push" {
  name                 = "astlas-push"
  topic                = google_pubsub_topic.jobs.id
  ack_deadline_seconds = 600

  push_config {
    push_endpoint = "${google_cloud_run_v2_service.this["worker"].uri}/pubsub/push"
    oidc_token {
      service_account_email = google_service_account.caller.email
      audience              = google_cloud_run_v2_service.this["worker"].uri
    }
  }

  # "Somebody works on this job already" is 503, too: it comes again until the job is done.
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead.id
    max_delivery_attempts = 20
  }

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves dead letters, and signs what it pushes.
resource "google_project_service_identity" "pubsub" {
  provider = google-beta
  service  = "pubsub.googleapis.com"
}

resource "google_pubsub_topic_iam_member" "dead" {
  topic  = google_pubsub_topic.dead.name
  role   = "roles/pubsub.publisher"
  member = google_project_service_identity.pubsub.member
}

resource "google_pubsub_subscription_iam_member" "dead" {
  subscription = google_pubsub_subscription.push.name
  role         = "roles/pubsub.subscriber"
  member       = google_project_service_identity.pubsub.member
}

resource "google_service_account_iam_member" "pubsub" {
  service_account_id = google_service_account.caller.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_project_service_identity.pubsub.member
}
