# GitHub cannot show a token of Google's, and the service takes requests of none else. So a gateway with an account of
# its own lets through what comes to one path; whether it is GitHub's, the service tells by the signature.

resource "google_service_account" "gateway" {
  count        = var.webhook ? 1 : 0
  account_id   = "astlas-gateway"
  display_name = "Astlas: hands on GitHub's events"
}

resource "google_cloud_run_v2_service_iam_member" "gateway" {
  count    = var.webhook ? 1 : 0
  name     = google_cloud_run_v2_service.this["service"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.gateway[0].member
}

resource "google_api_gateway_api" "webhook" {
  provider   = google-beta
  count      = var.webhook ? 1 : 0
  api_id     = "astlas-webhook"
  depends_on = [google_project_service.needed]
}

resource "google_api_gateway_api_config" "webhook" {
  provider             = google-beta
  count                = var.webhook ? 1 : 0
  api                  = google_api_gateway_api.webhook[0].api_id
  api_config_id_prefix = "astlas-webhook-"

  openapi_documents {
    document {
      path = "webhook.yaml"
      contents = base64encode(templatefile("${path.module}/webhook.yaml", {
        service = google_cloud_run_v2_service.this["service"].uri
      }))
    }
  }

  gateway_config {
    backend_config {
      google_service_account = google_service_account.gateway[0].email
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_api_gateway_gateway" "webhook" {
  provider   = google-beta
  count      = var.webhook ? 1 : 0
  region     = var.region
  gateway_id = "astlas-webhook"
  api_config = google_api_gateway_api_config.webhook[0].id
}
