/// What names may look like: what every reader of Prometheus's text can read, and what nobody else says.
enum ReportedName {
    static func isMetricName(_ name: String) -> Bool { isName(name.utf8.span, allowsColon: true) }

    /// Names that begin with two underscores are Prometheus's own.
    static func isLabelName(_ name: String) -> Bool {
        let name = name.utf8.span
        let isReserved = name.count > 1 && name[0] == UInt8(ascii: "_") && name[1] == UInt8(ascii: "_")
        return !isReserved && isName(name, allowsColon: false)
    }

    /// Prometheus says these of the hub, or the hub of itself.
    static func isReserved(_ name: String) -> Bool {
        switch name.utf8.first {
        case UInt8(ascii: "u"): name == "up"
        case UInt8(ascii: "s"): name.hasPrefix("scrape_")
        case UInt8(ascii: "a"): name.hasPrefix("agent_hub_")
        default: false
        }
    }

    private static func isName(_ name: Span<UInt8>, allowsColon: Bool) -> Bool {
        for index in name.indices {
            switch name[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9") where index > 0: break
            case UInt8(ascii: ":") where allowsColon: break
            default: return false
            }
        }
        return !name.isEmpty
    }
}
