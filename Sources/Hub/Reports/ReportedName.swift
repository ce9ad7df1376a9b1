/// What names may look like: what every reader of Prometheus's text can read, and what nobody else says.
enum ReportedName {
    static func isMetricName(_ name: String) -> Bool { isName(name, allowsColon: true) }

    /// Names that begin with two underscores are Prometheus's own.
    static func isLabelName(_ name: String) -> Bool { isName(name, allowsColon: false) && !name.hasPrefix("__") }

    /// Prometheus says these of the hub, or the hub of itself.
    static func isReserved(_ name: String) -> Bool {
        name == "up" || name.hasPrefix("scrape_") || name.hasPrefix("agent_hub_")
    }

    private static func isName(_ name: String, allowsColon: Bool) -> Bool {
        var isFirst = true
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !isFirst: break
            case UInt8(ascii: ":") where allowsColon: break
            default: return false
            }
            isFirst = false
        }
        return !isFirst
    }
}
