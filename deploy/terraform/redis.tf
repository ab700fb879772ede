# Redis has an address in a network of its own, which service and worker reach directly.
resource "google_compute_network" "this" {
  name                    = "astlas"
  auto_create_subnetworks = false

  depends_on = [google_project_service.needed]
}

# Every instance of Cloud Run takes an address; during a release twice as many.
resource "google_compute_subnetwork" "run" {
  name                     = "astlas-run"
  network                  = google_compute_network.this.id
  ip_cidr_range            = "10.8.0.0/24"
  private_ip_google_access = true
}

resource "google_redis_instance" "cache" {
  name               = "astlas"
  tier               = var.redis_tier
  memory_size_gb     = var.redis_gb
  redis_version      = "REDIS_7_2"
  authorized_network = google_compute_network.this.id
  auth_enabled       = true

  # No TLS: Memorystore's certificates are said to name the address as their subject, and Astlas believes alternative
  # names alone. The traffic does not leave the network above.
  transit_encryption_mode = "DISABLED"

  depends_on = [google_project_service.needed]
}
