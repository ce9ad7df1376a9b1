import Cache
import TelemetryServer

/// What is said of it, without markup: texts that came from elsewhere are still to be escaped.
extension AgentStatus {
    /// What is wrong, or that nothing is.
    var sentence: String {
        switch condition {
        case .starting: return "The first poll is under way."
        case .running: return silent ?? "The agent answers, and all is well."
        case .stopped: return "The agent answers, and says that it has stopped."
        case .pendingShutdown: return "The agent says PENDING_SHUTDOWN: it is going to shut down."
        case .shuttingDown: return "The agent says SHUTTING_DOWN: it is shutting down now."
        case .unknown:
            guard let reported else { return "The agent answers, but says no status, so its state is unknown." }
            return "The agent answers, but says a status that is not known here: \(reported)"
        case .held: return "\(fault). \(failures). The last good values still stand."
        case .unreadable, .unreachable: return "\(fault). \(failures)."
        }
    }

    /// What happens next, each a sentence.
    var next: [String] {
        [comingPoll] + (ending.map { [$0] } ?? [])
    }

    /// What the values are; nil when that needs no words.
    var provenance: String? {
        switch standing {
        case .current: return nil
        case .held: return lastGood.map { "Last good values, of \(ago($0.at)). Still exported." }
        case .replaced:
            return lastGood.map { "Last known values, of \(ago($0.at)). Exported is 0 instead." }
                ?? "No poll has succeeded yet. 0 is exported."
        case .withdrawn:
            return lastGood.map { "Last known values, of \(ago($0.at)). Not exported any more." }
                ?? "No poll has succeeded yet. No values are exported."
        }
    }

    private var comingPoll: String {
        let interval = subject.pollInterval
        guard condition != .starting else { return "Values are here as soon as it succeeds." }
        guard let nextPoll else { return "A poll is under way." }
        let wait = now.duration(to: nextPoll)
        guard condition.isFailing || wait > .seconds(2) else {
            return "The next poll is due now; there is one every \(TimeText.span(interval))."
        }
        let early =
            switch verdict.failure?.reason {
            case .connect: ", or as soon as somebody listens there"
            case .credentials: ", or as soon as they can be read"
            default: ""
            }
        return "The next poll is at \(TimeText.clock(nextPoll, now)), in \(TimeText.span(wait))\(early)."
    }

    private var ending: String? {
        guard verdict.reading != nil, let expiry else { return nil }
        guard condition == .held else {
            let maxAge = TimeText.span(subject.rules.maxAge)
            return "Should polls fail, the last values stand until they are \(maxAge) old, and then \(replacement)."
        }
        let end = "\(TimeText.clock(expiry, now)), in \(TimeText.span(now.duration(to: expiry)))"
        return "If none succeeds until \(end), the values \(replacement)."
    }

    /// What becomes of values that are too old.
    private var replacement: String {
        let isUnreadable = verdict.failure?.reason == .invalidJSON
        switch subject.rules.fallback {
        case .zero: return "are replaced by 0"
        case .auto where isUnreadable: return "are replaced by 0"
        case .auto, .omit: return "are withdrawn"
        }
    }

    private var fault: String {
        switch verdict.failure?.reason {
        case .resolve: "The agent's name leads to no address"
        case .connect: "Nobody takes a connection where the agent should be"
        case .tls: "The agent cannot be spoken to in secret, or is not who it should be"
        case .timeout: "The agent takes too long to answer"
        case .reset: "The agent cuts the connection"
        case .status: "The agent answers with another status than 200"
        case .tooLarge: "The agent's answer is too large"
        case .malformedHTTP: "What the agent answers is no HTTP"
        case .invalidJSON: "The agent answers, but with nothing that can be read"
        case .credentials: "The credentials for the agent cannot be read, so it is not asked"
        case nil: "There is no good answer"
        }
    }

    private var failures: String {
        let count = polls.inARow
        return count == 1 ? "The last poll has failed" : "\(count) polls in a row have failed"
    }

    /// A running agent that does not say everything.
    private var silent: String? {
        let keys = counts.filter(\.isMissing).map(\.count.key)
        return keys.isEmpty ? nil : "The agent answers, but does not say \(keys.joined(separator: ", "))."
    }

    private func ago(_ occasion: Occasion) -> String {
        "\(TimeText.clock(occasion, now)), \(TimeText.span(occasion.duration(to: now))) ago"
    }
}
