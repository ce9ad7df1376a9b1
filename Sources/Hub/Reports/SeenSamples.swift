/// What the samples of a report have looked like so far, byte by byte. Most have the same keys in the same order, and many the same
/// labels, unit or time: what comes again is not read again.
struct SeenSamples {
    /// Where something stood, and what it was.
    struct Seen<Value> {
        let range: Range<Int>
        let value: Value
    }

    /// Those of the last sample, with their colons.
    var keys = Row<SampleKey?>()
    var name: Seen<String>?
    var kind: Seen<ReportedKind>?
    var time: Seen<Int64>?
    var labels: Seen<[ReportedLabel]>?
    /// Those of the last sample whose labels were read one by one.
    var singleLabels = Row<ReportedLabel>()
    var help: Seen<String>?
    var unit: Seen<String>?

    /// Things that stand one after the other in a sample, such as keys.
    struct Row<Value> {
        /// What comes later in a sample is not remembered.
        private static var longest: Int { 16 }

        private var seen: [Seen<Value>] = []

        /// - Parameter place: how many come before it.
        subscript(place: Int) -> Seen<Value>? { place < seen.count ? seen[place] : nil }

        /// It takes the place of what was there in the sample before.
        mutating func note(_ value: Value, _ range: Range<Int>, at place: Int) {
            let new = Seen(range: range, value: value)
            if place < seen.count {
                seen[place] = new
            } else if seen.count < Self.longest {
                if seen.isEmpty { seen.reserveCapacity(Self.longest / 2) }
                seen.append(new)
            }
        }
    }
}
