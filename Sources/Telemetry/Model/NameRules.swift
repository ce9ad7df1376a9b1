/// What names may look like: the character set that every version of Prometheus and every format can read unquoted.
enum NameRules {
    static func checkMetric(_ name: String) throws(MetricsError) {
        guard isName(name, colonAllowed: true) else { throw .invalidName(name) }
    }

    static func checkLabel(_ name: String) throws(MetricsError) {
        guard isName(name, colonAllowed: false), !name.hasPrefix("__") else { throw .invalidLabelName(name) }
        guard name != "le", name != "quantile" else { throw .reservedLabelName(name) }
    }

    private static func isName(_ name: String, colonAllowed: Bool) -> Bool {
        for (position, byte) in name.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9") where position > 0: continue
            case UInt8(ascii: ":") where colonAllowed: continue
            default: return false
            }
        }
        return !name.isEmpty
    }
}
