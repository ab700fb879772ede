locals {
  # Sizes are where to start: docs/scaling.md says what they depend on.
  services = {
    service = {
      name        = "astlas"
      ingress     = "INGRESS_TRAFFIC_ALL"
      cpu         = "2"
      memory      = "4Gi"
      concurrency = 32
      # Whoever follows a job listens for as long.
      timeout = "900s"
      scaling = var.instances.service
      # Half of the memory: stages and the cache in memory come on top.
      env = { ASTLAS_FUNCTIONS_MEMORY = "2147483648", ASTLAS_FUNCTIONS_TENANT_MEMORY = "1610612736" }
    }
    # The same program: Pub/Sub pushes the jobs to /pubsub/push, so that their number decides how many instances there
    # are.
    worker = {
      name        = "astlas-worker"
      ingress     = "INGRESS_TRAFFIC_INTERNAL_ONLY"
      cpu         = "4"
      memory      = "8Gi"
      concurrency = 2
      # The longest that Pub/Sub waits for an answer. A job is a request here, and ends shortly before.
      timeout = "600s"
      scaling = var.instances.worker
      # Nobody reaches it but Pub/Sub and the scheduler, whom Cloud Run asks for their tokens.
      env = { ASTLAS_HTTP_TIME_LIMIT = "590", ASTLAS_IDENTITY_PUSH_UNVERIFIED = "true" }
    }
  }

  env = {
    # Compiled components are unpacked there: 122 MB, of the memory of the instance.
    ASTLAS_CACHE_DIR         = "/var/cache/astlas"
    ASTLAS_BLOBS_BUCKET      = google_storage_bucket.blobs.name
    ASTLAS_EVENTS_PROJECT    = var.project
    ASTLAS_EVENTS_TOPIC      = google_pubsub_topic.jobs.name
    ASTLAS_TELEMETRY_PROJECT = var.project
    # Cloud Run kills 10 s after it told to stop.
    ASTLAS_HTTP_GRACE = "8"
    # Cloud Run asks who calls before we are asked: whoever it lets in, and who shows us nothing, is this tenant.
    ASTLAS_IDENTITY_ANONYMOUS_TENANT = "local"
    ASTLAS_IDENTITY_ANONYMOUS_ROLE   = "index"
    ASTLAS_IDENTITY_FORGE_TENANT     = "local"
  }
}

resource "google_cloud_run_v2_service" "this" {
  for_each = local.services
  name     = each.value.name
  location = var.region
  ingress  = each.value.ingress

  template {
    service_account                  = google_service_account.run[each.key].email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = each.value.concurrency
    timeout                          = each.value.timeout

    scaling {
      min_instance_count = each.value.scaling.min
      max_instance_count = each.value.scaling.max
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = google_compute_network.this.name
        subnetwork = google_compute_subnetwork.run.name
      }
    }

    containers {
      name  = "astlas"
      image = var.image
      args  = ["serve"]

      # HTTP/2 to the container: archives above 32 MiB do not fit through HTTP/1.
      ports {
        name           = "h2c"
        container_port = 8080
      }

      resources {
        limits            = { cpu = each.value.cpu, memory = each.value.memory }
        startup_cpu_boost = true
        # Between requests news of Redis come in, and the sidecar reads the metrics.
        cpu_idle = false
      }

      dynamic "env" {
        for_each = merge(local.env, each.value.env)
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = { for name, secret in local.secrets : name => secret if contains(secret.readers, each.key) }
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = google_secret_manager_secret.this[env.key].secret_id
              version = "latest"
            }
          }
        }
      }

      # A revision that cannot reach its bucket gets no traffic.
      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 4
        failure_threshold = 24
        http_get {
          path = "/health/ready"
          port = 8080
        }
      }

      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 4
        failure_threshold = 3
        http_get {
          path = "/health/live"
          port = 8080
        }
      }
    }

    # Reads http://127.0.0.1:8080/metrics every 30 s, unless it is told otherwise.
    containers {
      name       = "collector"
      image      = var.sidecar
      depends_on = ["astlas"]
      resources {
        limits   = { cpu = "1", memory = "512Mi" }
        cpu_idle = false
      }
    }
  }

  depends_on = [
    google_secret_manager_secret_iam_member.reader,
    google_secret_manager_secret_version.redis,
    google_secret_manager_secret_version.forge_secret,
    google_secret_manager_secret_version.forge_token,
    google_storage_bucket_iam_member.objects,
  ]
}
