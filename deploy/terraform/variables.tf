variable "datasource_uid" {
  description = "UID of the Prometheus data source that has the exporters' metrics."
  type        = string
}

variable "folder_title" {
  description = "Title of the Grafana folder that is made for dashboards and alerts."
  type        = string
  default     = "Agents"
}

variable "alerts" {
  description = "Whether Grafana evaluates the alerts. Leave it off where Prometheus does, or everything is said twice."
  type        = bool
  default     = false
}
