resource "google_storage_bucket" "blobs" {
  name     = var.bucket
  location = var.bucket_location

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # What was deleted or written over by mistake: docs/operations.md, "Backup and restore".
  soft_delete_policy {
    retention_duration_seconds = 7 * 24 * 3600
  }

  # Indexes, sources and archives go by the sweep, which knows what is pinned. These are for what it leaves. A rule
  # matches how a name begins, and every name begins with its tenant.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 60
      matches_prefix = [for tenant in var.tenants : "${tenant}/jobs/"]
    }
  }

  # Read once, when the commit is indexed, and again only if that has to be done anew.
  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
    condition {
      age            = 30
      matches_prefix = [for tenant in var.tenants : "${tenant}/archives/"]
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.needed]
}
