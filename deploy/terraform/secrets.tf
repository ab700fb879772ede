locals {
  # Variable of the service, and its secret.
  secrets = {
    ASTLAS_CACHE_URL    = "astlas-redis-url"
    ASTLAS_FORGE_SECRET = "astlas-forge-secret"
    ASTLAS_FORGE_TOKEN  = "astlas-forge-token"
  }
}

resource "google_secret_manager_secret" "this" {
  for_each  = local.secrets
  secret_id = each.value

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
