/// What is exported besides what the agent says.
struct FamiliesConfiguration: Sendable, Hashable {
    var maxTasks: Int? = 20
    var maxConnections: Int?
    var hasAliases = false
    var disableExporterMetrics = false
}
