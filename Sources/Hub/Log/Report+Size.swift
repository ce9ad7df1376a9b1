extension Report {
    /// What it takes of memory, and about of the disk: its texts, and some bytes for what holds them.
    var size: Int {
        let own = 128 + component.name.utf8.count + component.type.utf8.count + (reportID?.utf8.count ?? 0)
        return metrics.reduce(own) { $0 + $1.size }
    }
}

extension ReportedMetric {
    /// The same of one sample.
    var size: Int {
        let labels = labels.reduce(0) { $0 + 40 + $1.name.utf8.count + $1.value.utf8.count }
        return 112 + name.utf8.count + (help?.utf8.count ?? 0) + (unit?.utf8.count ?? 0) + labels
    }
}
