/// A line through the last ten minutes, as inline SVG.
package struct Sparkline {
    private static let width = 300
    private static let height = 48
    private static let margin = 3.0

    /// The ends of the scale. It begins at zero, so that a quiet line looks quiet.
    package let low: Double
    package let high: Double
    private let values: [Double?]
    private let label: String
    private let limit: Double?

    /// - Parameters:
    ///   - values: from the oldest to the newest; nil is a gap.
    ///   - limit: what they should stay below, drawn as a line across.
    package init(values: [Double?], label: String, limit: Double? = nil) {
        self.values = values
        self.label = label
        self.limit = limit
        let known = values.compactMap { $0 }.filter(\.isFinite)
        low = min(0, known.min() ?? 0)
        high = max(known.max() ?? 0, limit ?? 0, low + 1)
    }

    package var svg: String {
        var paths = ""
        if let limit {
            let y = Self.tenths(y(limit))
            paths += "<line class=\"limit\" x1=\"0\" y1=\"\(y)\" x2=\"\(Self.width)\" y2=\"\(y)\"/>"
        }
        for run in runs() {
            let points = run.map { index, value in
                let x = Double(index) * Double(Self.width) / Double(max(1, values.count - 1))
                return "\(Self.tenths(x)),\(Self.tenths(y(value)))"
            }
            // A point alone would be no line.
            let all = points.count == 1 ? points + points : points
            paths += "<polyline points=\"\(all.joined(separator: " "))\"/>"
        }
        return """
            <svg viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img" \
            aria-label="\(HTMLText.escape(label))">\(paths)</svg>
            """
    }

    private func y(_ value: Double) -> Double {
        let room = Double(Self.height) - 2 * Self.margin
        return Self.margin + room * (1 - (value - low) / (high - low))
    }

    /// Neighbours that are known; between two runs is a gap.
    private func runs() -> [[(Int, Double)]] {
        var runs: [[(Int, Double)]] = []
        var isOpen = false
        for (index, value) in values.enumerated() {
            guard let value, value.isFinite else {
                isOpen = false
                continue
            }
            if isOpen { runs[runs.count - 1].append((index, value)) } else { runs.append([(index, value)]) }
            isOpen = true
        }
        return runs
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int(exactly: (value * 10).rounded()) ?? 0
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
