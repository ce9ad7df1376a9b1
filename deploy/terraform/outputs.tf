output "folder_uid" {
  description = "UID of the folder."
  value       = grafana_folder.this.uid
}

output "dashboard_urls" {
  description = "Address of each dashboard, by its file."
  value       = { for file, dashboard in grafana_dashboard.this : file => dashboard.url }
}
