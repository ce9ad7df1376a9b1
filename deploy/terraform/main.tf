# The dashboards and the alerts of this repository, as they are: the files are read, not copied.

resource "grafana_folder" "this" {
  title = var.folder_title
}

resource "grafana_dashboard" "this" {
  for_each = fileset("${path.module}/../grafana/dashboards", "*.json")

  folder      = grafana_folder.this.uid
  config_json = file("${path.module}/../grafana/dashboards/${each.value}")
  overwrite   = true
}

locals {
  groups = flatten([
    for file in fileset("${path.module}/../prometheus/rules", "*.yml") :
    yamldecode(file("${path.module}/../prometheus/rules/${file}")).groups
  ])

  # Recording rules stay with Prometheus; the alerts do not need them.
  alerts = {
    for group in local.groups : group.name => [for rule in group.rules : rule if can(rule.alert)]
    if var.alerts && anytrue([for rule in group.rules : can(rule.alert)])
  }
}

resource "grafana_rule_group" "this" {
  for_each = local.alerts

  name             = each.key
  folder_uid       = grafana_folder.this.uid
  interval_seconds = 60

  dynamic "rule" {
    for_each = each.value

    content {
      name      = rule.value.alert
      for       = try(rule.value.for, "0s")
      condition = "B"
      labels    = try(rule.value.labels, {})

      # What Prometheus calls $value is the value of query A; $value is something else in Grafana.
      annotations = {
        for name, text in try(rule.value.annotations, {}) : name => replace(text, "$value", "$values.A.Value")
      }

      # As in Prometheus: no series is no alert.
      no_data_state  = "OK"
      exec_err_state = "Error"

      data {
        ref_id         = "A"
        datasource_uid = var.datasource_uid

        relative_time_range {
          from = 600
          to   = 0
        }

        model = jsonencode({
          refId   = "A"
          expr    = rule.value.expr
          instant = true
          range   = false
        })
      }

      # In Prometheus every series that an expression leaves is an alert. In Grafana a value of 0 is none, so app_agent_status == 0
      # would never fire: this makes 1 of every value.
      data {
        ref_id         = "B"
        datasource_uid = "__expr__"

        relative_time_range {
          from = 0
          to   = 0
        }

        model = jsonencode({
          refId      = "B"
          type       = "math"
          expression = "is_number($A) || is_nan($A) || is_inf($A)"
        })
      }
    }
  }
}
