locals {
  # The rules of Prometheus, as they are, and those of what the service cannot know, which is asked of Pub/Sub. Instances
  # of Cloud Run come and go: that one is down says nothing.
  rules = {
    for rule in flatten([
      for file in ["../prometheus/alerts.yaml", "../monitoring/alerts.yaml"] :
      yamldecode(file("${path.module}/${file}")).groups[*].rules
    ]) : rule.alert => rule if rule.alert != "AstlasInstanceDown"
  }
}

resource "google_monitoring_alert_policy" "rules" {
  for_each              = local.rules
  display_name          = each.key
  combiner              = "OR"
  severity              = each.value.labels.severity == "page" ? "CRITICAL" : "WARNING"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.annotations.summary
    condition_prometheus_query_language {
      query               = each.value.expr
      duration            = "${60 * tonumber(trimsuffix(try(each.value.for, "0m"), "m"))}s"
      evaluation_interval = "60s"
      rule_group          = "astlas"
      alert_rule          = each.key
      # Until the first instance has handed over its metrics, nobody knows them.
      disable_metric_validation = true
    }
  }

  documentation {
    content   = "${each.value.annotations.summary}. ${var.documents}${each.value.annotations.runbook_url}"
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.needed]
}

resource "google_monitoring_uptime_check_config" "ready" {
  count            = var.uptime ? 1 : 0
  display_name     = "Astlas is ready"
  period           = "60s"
  timeout          = "10s"
  selected_regions = ["EUROPE", "USA_VIRGINIA", "ASIA_PACIFIC"]

  http_check {
    path         = "/health/ready"
    port         = 443
    use_ssl      = true
    validate_ssl = true
    service_agent_authentication {
      type = "OIDC_TOKEN"
    }
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project
      host       = trimprefix(google_cloud_run_v2_service.this["service"].uri, "https://")
    }
  }

  depends_on = [google_project_service.needed]
}

# What the uptime check calls the service as.
resource "google_project_service_identity" "monitoring" {
  count    = var.uptime ? 1 : 0
  provider = google-beta
  service  = "monitoring.googleapis.com"
}

resource "google_cloud_run_v2_service_iam_member" "uptime" {
  count    = var.uptime ? 1 : 0
  name     = google_cloud_run_v2_service.this["service"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-monitoring-notification.iam.gserviceaccount.com"

  depends_on = [google_project_service_identity.monitoring]
}

resource "google_monitoring_alert_policy" "uptime" {
  count                 = var.uptime ? 1 : 0
  display_name          = "AstlasNotReady"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = var.notification_channels

  conditions {
    display_name = "The service is not ready, seen from two regions"
    condition_threshold {
      filter = join(" AND ", [
        "metric.type=\"monitoring.googleapis.com/uptime_check/check_passed\"",
        "resource.type=\"uptime_url\"",
        "metric.label.check_id=\"${google_monitoring_uptime_check_config.ready[0].uptime_check_id}\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"
      aggregations {
        alignment_period     = "120s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
      trigger {
        count = 1
      }
    }
  }

  documentation {
    content   = "The service is not ready. ${var.documents}docs/operations.md#astlasnotready"
    mime_type = "text/markdown"
  }
}

resource "google_monitoring_dashboard" "this" {
  dashboard_json = file("${path.module}/../monitoring/dashboard.json")
  depends_on     = [google_project_service.needed]
}
