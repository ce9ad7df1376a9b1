/// 128 bits of some texts, under a key that this process has drawn: two that are equal are the same texts, and nobody outside can
/// make two that are.
///
/// Texts are their bytes here: strings are equal by what they look like, and what was sent is kept apart.
struct Fingerprint: Hashable {
    private let high: Int
    private let low: Int

    func hash(into hasher: inout Hasher) {
        hasher.combine(low)
    }

    /// Adds up texts and numbers.
    struct Builder {
        private var high = Hasher()
        private var low = Hasher()

        init() {
            high.combine(UInt8(1))
        }

        var fingerprint: Fingerprint { Fingerprint(high: high.finalize(), low: low.finalize()) }

        mutating func add(_ number: Int64) {
            high.combine(number)
            low.combine(number)
        }

        /// Nil is not the empty text.
        mutating func add(_ text: String?) {
            guard var text else { return add(-1) }
            add(Int64(text.utf8.count))
            text.withUTF8 { bytes in
                unsafe high.combine(bytes: UnsafeRawBufferPointer(bytes))
                unsafe low.combine(bytes: UnsafeRawBufferPointer(bytes))
            }
        }
    }
}

extension Fingerprint {
    init(_ component: Component) {
        var builder = Builder()
        builder.add(component.type)
        builder.add(component.name)
        builder.add(component.instance)
        self = builder.fingerprint
    }

    /// Everything of a metric but its value and time.
    init(_ metric: ReportedMetric, of component: Int64) {
        var builder = Builder()
        builder.add(component)
        builder.add(Int64(metric.kind.rawValue))
        builder.add(metric.name)
        builder.add(metric.help)
        builder.add(metric.unit)
        for label in metric.labels {
            builder.add(label.name)
            builder.add(label.value)
        }
        self = builder.fingerprint
    }
}
