locals {
  # By the variable of the program: the name of the secret, and who is shown it. Archives are fetched by jobs, which are
  # pushed to the worker; events come to the service, which nobody else is to take them for.
  secrets = {
    ASTLAS_CACHE_URL    = { id = "astlas-redis-url", readers = ["service", "worker"] }
    ASTLAS_FORGE_SECRET = { id = "astlas-forge-secret", readers = ["service"] }
    ASTLAS_FORGE_TOKEN  = { id = "astlas-forge-token", readers = ["worker"] }
  }
}

resource "google_secret_manager_secret" "this" {
  for_each  = local.secrets
  secret_id = each.value.id

  replication {
    auto {}
  }

  depends_on = [google_project_service.needed]
}

# Redis' password is in the state anyhow, for Redis makes it: keep the state where few can read it.
resource "google_secret_manager_secret_version" "redis" {
  secret = google_secret_manager_secret.this["ASTLAS_CACHE_URL"].id
  secret_data = format("redis://:%s@%s:%d/0", google_redis_instance.cache.auth_string,
  google_redis_instance.cache.host, google_redis_instance.cache.port)
}

resource "google_secret_manager_secret_version" "forge_secret" {
  secret                 = google_secret_manager_secret.this["ASTLAS_FORGE_SECRET"].id
  secret_data_wo         = var.forge_secret
  secret_data_wo_version = var.forge_version
}

resource "google_secret_manager_secret_version" "forge_token" {
  secret                 = google_secret_manager_secret.this["ASTLAS_FORGE_TOKEN"].id
  secret_data_wo         = var.forge_token
  secret_data_wo_version = var.forge_version
}
