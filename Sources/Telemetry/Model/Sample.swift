/// What one set of labels has to say at one moment: one series of a counter, all the lines of a histogram.
public struct Sample: Sendable, Hashable {
    /// The value, in the form that the family's kind asks for. A sample with another form is left out.
    public enum Value: Sendable, Hashable {
        /// Of a counter, a gauge, an info, or of what is unknown.
        case number(Double)
        /// Of a histogram or a gauge histogram.
        case histogram(HistogramReading)
        /// Of a summary.
        case summary(SummaryReading)
        /// Of a state set.
        case states(StatesReading)
    }

    /// What tells this sample from the others of its family.
    public let labels: Labels
    /// What is said.
    public let value: Value
    let instant: Instant

    /// When that was, since 1970. `nil`, which is usual, stands for when it is scraped.
    public var time: Duration? { instant.sinceEpoch }

    /// A number.
    public init(_ value: Double, labels: Labels = .none, time: Duration? = nil) {
        self.init(.number(value), labels: labels, time: time)
    }

    /// A value of any form.
    ///
    /// - Parameter time: kept in whole milliseconds, which is what readers keep; one that is further away than 2⁵³ of them
    ///   no reader can hold, and it is as if none had been given.
    public init(_ value: Value, labels: Labels = .none, time: Duration? = nil) {
        self.labels = labels
        self.value = value
        instant = Instant(time)
    }
}
