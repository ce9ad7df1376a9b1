import AsyncHTTP
import Flags
import Telemetry

/// What an account of load becomes: counters that scrapes of any interval can be divided by each other to get true means.
struct LoadFamilies: Sendable {
    /// The families of one count.
    private struct OfCount: Sendable {
        let count: AgentCount
        let integral: MetricDescriptor
        let peak: MetricDescriptor
        let label: Labels
    }

    private let counts: [OfCount]
    private let observed: MetricDescriptor
    private let started: MetricDescriptor
    private let finished: MetricDescriptor
    private let stateSeconds: MetricDescriptor
    private let stateLabels: [(AgentState, Labels)]
    private let transitions: MetricDescriptor
    private let transitionLabels: [(LoadAccount.Transition, Labels)]

    init(_ rules: VerdictConfiguration) throws(MetricsError) {
        var counts: [OfCount] = []
        for count in AgentCount.allCases { counts.append(try Self.families(of: count, peaksOf: rules.peakWindow)) }
        self.counts = counts
        observed = try Self.counter(
            "app_count_observed_seconds",
            "For how long each count was observed: between two polls that followed each other, succeeded and said it.",
            unit: "seconds"
        )
        started = try Self.counter(
            "app_tasks_started_observed",
            "Tasks that began, at least: how far the count rose between polls. What begins and ends between two is not seen."
        )
        finished = try Self.counter(
            "app_tasks_finished_observed",
            "Tasks that ended, at least: how far the count fell between polls. What begins and ends between two is not seen."
        )
        stateSeconds = try Self.counter(
            "app_agent_state_seconds",
            "For how long the agent was seen in each state, since the first poll.",
            unit: "seconds"
        )
        transitions = try Self.counter("app_agent_state_transitions", "Changes of the agent's state that were seen.")
        var stateLabels: [(AgentState, Labels)] = []
        for state in AgentState.allCases { stateLabels.append((state, try Labels(["state": state.rawValue]))) }
        var transitionLabels: [(LoadAccount.Transition, Labels)] = []
        for one in LoadAccount.Transition.all {
            transitionLabels.append((one, try Labels(["from": one.from.rawValue, "to": one.to.rawValue])))
        }
        (self.stateLabels, self.transitionLabels) = (stateLabels, transitionLabels)
    }

    private static func families(of count: AgentCount, peaksOf window: Duration) throws(MetricsError) -> OfCount {
        let (name, words) =
            switch count {
            case .tasks: ("active_task", "active tasks")
            case .requests: ("active_request", "active requests")
            case .sessions: ("open_session", "open sessions")
            }
        return OfCount(
            count: count,
            integral: try counter(
                "app_\(name)_seconds",
                "The number of \(words), integrated over the time in which it was observed: its rate, divided by that of"
                    + " app_count_observed_seconds_total{count=\"\(count.rawValue)\"}, is the true mean.",
                unit: "seconds"
            ),
            peak: try MetricDescriptor(
                "app_\(name)_peak",
                kind: .gauge,
                help: "The largest number of \(words) that a poll has found in the last \(DurationText.write(window))."
            ),
            label: try Labels(["count": count.rawValue])
        )
    }

    private static func counter(
        _ name: String,
        _ help: String,
        unit: String? = nil
    ) throws(MetricsError) -> MetricDescriptor {
        try MetricDescriptor(name, kind: .counter, help: help, unit: unit)
    }

    var descriptors: [MetricDescriptor] {
        counts.map(\.integral) + [observed] + counts.map(\.peak) + [started, finished, stateSeconds, transitions]
    }

    /// A peak is left out where no poll has said the count lately.
    func families(_ load: LoadAccount, at now: MonotonicInstant) -> [MetricFamily] {
        let observations = counts.map { Sample(load[$0.count].observed, labels: $0.label) }
        let states = stateLabels.map { Sample(load.stateSeconds[$0.0] ?? 0, labels: $0.1) }
        let changes = transitionLabels.map { Sample(load.transitions[$0.0] ?? 0, labels: $0.1) }
        let peaks = counts.map { one in
            let peak = load[one.count].peak.largest(at: now)
            return MetricFamily(one.peak, samples: peak.map { [Sample($0)] } ?? [])
        }
        return counts.map { MetricFamily($0.integral, samples: [Sample(load[$0.count].integral)]) } + [
            MetricFamily(observed, samples: observations)
        ] + peaks + [
            MetricFamily(started, samples: [Sample(load[.tasks].rises)]),
            MetricFamily(finished, samples: [Sample(load[.tasks].falls)]), MetricFamily(stateSeconds, samples: states),
            MetricFamily(transitions, samples: changes),
        ]
    }
}
