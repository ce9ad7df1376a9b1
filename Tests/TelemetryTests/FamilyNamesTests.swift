import Telemetry
import Testing

@Suite("FamilyNames")
struct FamilyNamesTests {
    private func descriptor(_ name: String, _ kind: MetricKind) throws -> MetricDescriptor {
        try MetricDescriptor(name, kind: kind, help: "")
    }

    /// What each kind takes beside `x` itself.
    private static let taken: [(kind: MetricKind, suffixes: [String])] = [
        (.gauge, []), (.unknown, []), (.stateset, []), (.counter, ["_total", "_created"]), (.info, ["_info"]),
        (.histogram, ["_bucket", "_sum", "_count", "_created"]), (.summary, ["_sum", "_count", "_created"]),
        (.gaugehistogram, ["_bucket", "_gsum", "_gcount"]),
    ]

    @Test("a kind takes the names that it prints or that a reader takes for its own, and no others", arguments: taken)
    func names(kind: MetricKind, suffixes: [String]) throws {
        let all = [
            "", "_total", "_created", "_info", "_bucket", "_sum", "_count", "_gsum", "_gcount", "_gauge", "_state",
        ]
        let first = try descriptor("x", kind)
        for suffix in all {
            let other = try descriptor("x" + suffix, .gauge)
            let isTaken = suffix.isEmpty || suffixes.contains(suffix)
            for (one, two) in [(first, other), (other, first)] {
                var names = FamilyNames()
                try names.reserve(one)
                #expect((names.clash(with: two) != nil) == isTaken, "\(suffix)")
                if isTaken {
                    #expect(throws: MetricsError.self) { try names.reserve(two) }
                } else {
                    try names.reserve(two)
                }
            }
        }
    }

    @Test("the error says who has the name, and which")
    func clash() throws {
        var names = FamilyNames()
        try names.reserve(descriptor("x", .summary))
        let error = MetricsError.nameClash(
            new: "x_sum",
            newKind: .counter,
            existing: "x",
            existingKind: .summary,
            name: "x_sum"
        )
        #expect(names.clash(with: try descriptor("x_sum_total", .counter)) == error)
        #expect(throws: error) { try names.reserve(descriptor("x_sum", .counter)) }
    }

    @Test("of several families all are taken, or none")
    func whole() throws {
        var names = FamilyNames()
        try names.reserve(descriptor("x", .gauge))
        #expect(throws: MetricsError.self) { try names.reserve([descriptor("y", .gauge), descriptor("x", .gauge)]) }
        #expect(names.clash(with: try descriptor("y", .gauge)) == nil)
        #expect(throws: MetricsError.self) { try names.reserve([descriptor("z", .gauge), descriptor("z", .info)]) }
        try names.reserve([descriptor("y", .gauge), descriptor("z", .info)])
        #expect(names.clash(with: try descriptor("z_info", .gauge)) != nil)
    }

    @Test("a counter without its suffix takes its own name only")
    func verbatim() throws {
        var names = FamilyNames()
        try names.reserve(MetricDescriptor(verbatim: "x", kind: .counter, help: ""))
        #expect(names.clash(with: try descriptor("x", .counter)) != nil)
        for free in ["x_total", "x_created"] {
            #expect(names.clash(with: try descriptor(free, .gauge)) == nil, "\(free)")
        }
    }
}
