import TelemetryServer

/// The states of the last hour as a band: the worse, the higher, so that it does not take colours to read it. Below it in words.
enum BandPicture {
    private static let height = 20

    static func html(_ status: AgentStatus) -> String {
        let spent = totals(status.band)
        let words = spent.map { "\($0.condition.word) \($0.time)" }.joined(separator: ", ")
        let items = spent.map {
            "<li>\($0.condition.svg)\($0.condition.word) \($0.time)</li>"
        }
        return """
            <svg class="band" viewBox="0 0 \(StateBand.slots) \(height)" preserveAspectRatio="none" role="img" \
            aria-label="\(words)">\(bars(status.band))</svg>\
            <div class="axis"><span>1 h ago</span><span>30 min</span><span>now</span></div>\
            <ul class="totals">\(items.joined())</ul>
            """
    }

    /// Neighbours of one tone are one bar.
    private static func bars(_ band: [Condition?]) -> String {
        guard !band.isEmpty else { return "" }
        var bars = ""
        var start = 0
        for end in 1...band.count where end == band.count || band[end]?.tone != band[start]?.tone {
            if let tone = band[start]?.tone {
                let tall = tall(tone)
                bars += """
                    <rect class="\(tone.rawValue)" x="\(start)" y="\(height - tall)" width="\(end - start)" height="\(tall)"/>
                    """
            }
            start = end
        }
        return bars
    }

    private static func tall(_ tone: PageTone) -> Int {
        switch tone {
        case .none: 4
        case .good: 8
        case .warn: 14
        case .bad: height
        }
    }

    /// How much of the hour each condition had, as well as half minutes can say it; the worst first.
    private static func totals(_ band: [Condition?]) -> [(condition: Condition, time: String)] {
        Condition.allCases.reversed().compactMap { condition in
            let slots = band.count { $0 == condition }
            guard slots > 0 else { return nil }
            let minutes = Int(StateBand.step * slots / .seconds(60))
            return (condition, minutes == 0 ? "under 1 min" : "about \(minutes) min")
        }
    }
}
