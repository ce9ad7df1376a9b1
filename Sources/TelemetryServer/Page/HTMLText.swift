/// Text in a page: whatever an agent sends stays text, and does not turn the direction of writing.
package enum HTMLText {
    package static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.value < 0x20: escaped += " "
            case _ where isHidden(scalar): break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A text of somebody else among ours: which way it is written decides nothing around it.
    package static func isolated(_ text: String) -> String { "<bdi>\(escape(text))</bdi>" }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
