extension Report {
    /// What it takes of memory, and about of the disk: its texts, and some bytes for what holds them.
    var size: Int {
        let own = 128 + component.name.utf8.count + component.type.utf8.count + (reportID?.utf8.count ?? 0)
        return metrics.reduce(own) { size, metric in
            let labels = metric.labels.reduce(0) { $0 + 40 + $1.name.utf8.count + $1.value.utf8.count }
            return size + 112 + metric.name.utf8.count + (metric.help?.utf8.count ?? 0) + (metric.unit?.utf8.count ?? 0)
                + labels
        }
    }
}
