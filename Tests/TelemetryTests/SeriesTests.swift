import Telemetry
import Testing

@Suite("Series")
struct SeriesTests {
    /// A series in one line: `name{label="value",…} value`, and `!` if OpenMetrics has no words for it.
    private func described(_ family: MetricFamily) -> [String] {
        family.series.map { series in
            let labels = series.allLabels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            return "\(series.name){\(labels)} \(series.number)\(series.isAllowedInOpenMetrics ? "" : " !")"
        }
    }

    private func family(_ kind: MetricKind, _ value: Sample.Value, _ labels: Labels = .none) throws -> MetricFamily {
        MetricFamily(try MetricDescriptor("x", kind: kind, help: ""), samples: [Sample(value, labels: labels)])
    }

    @Test("each kind has its series, with its own label among the others in order")
    func kinds() throws {
        let labels = try Labels(["z": "1", "a": "2"])
        let buckets = try HistogramReading(buckets: Buckets([0.5]), counts: [2, 1], sum: 4)
        let summary = try SummaryReading(quantiles: Quantiles([0.5, 1]), values: [-1, 3], sum: 4, count: 2)
        let states = try StatesReading(states: States(["up", "down"]), isOn: [true, false])
        #expect(try described(family(.gauge, .number(-1), labels)) == ["x{a=2,z=1} -1.0"])
        #expect(try described(family(.unknown, .number(.infinity))) == ["x{} inf"])
        #expect(try described(family(.counter, .number(2))) == ["x_total{} 2.0"])
        #expect(try described(family(.counter, .number(-2))) == ["x_total{} -2.0 !"])
        #expect(try described(family(.info, .number(1), labels)) == ["x_info{a=2,z=1} 1.0"])
        #expect(try described(family(.info, .number(3))) == ["x_info{} 3.0 !"])
        #expect(
            try described(family(.histogram, .histogram(buckets), labels)) == [
                "x_bucket{a=2,le=0.5,z=1} 2.0", "x_bucket{a=2,le=+Inf,z=1} 3.0", "x_sum{a=2,z=1} 4.0",
                "x_count{a=2,z=1} 3.0",
            ]
        )
        #expect(
            try described(family(.gaugehistogram, .histogram(buckets))) == [
                "x_bucket{le=0.5} 2.0", "x_bucket{le=+Inf} 3.0", "x_gsum{} 4.0", "x_gcount{} 3.0",
            ]
        )
        #expect(
            try described(family(.summary, .summary(summary), labels)) == [
                "x{a=2,quantile=0.5,z=1} -1.0 !", "x{a=2,quantile=1.0,z=1} 3.0", "x_sum{a=2,z=1} 4.0 !",
                "x_count{a=2,z=1} 2.0",
            ]
        )
        #expect(
            try described(family(.stateset, .states(states), labels)) == [
                "x{a=2,x=up,z=1} 1.0", "x{a=2,x=down,z=1} 0.0",
            ]
        )
    }

    @Test("the kind's own label comes apart from the sample's, too")
    func extraLabel() throws {
        let labels = try Labels(["z": "1"])
        let buckets = try HistogramReading(buckets: Buckets([0.5]), counts: [2, 1], sum: 4)
        let series = try family(.histogram, .histogram(buckets), labels).series
        #expect(series.map(\.extraLabel?.value) == ["0.5", "+Inf", nil, nil])
        #expect(series.map(\.extraLabel?.name) == ["le", "le", nil, nil])
        #expect(series.allSatisfy { $0.labels == labels })
        #expect(series.map(\.value) == [.count(2), .count(3), .number(4), .count(3)])
    }

    @Test("a value of another kind's form has no series")
    func wrongForm() throws {
        let values: [Sample.Value] = try [
            .number(1), .histogram(HistogramReading(buckets: Buckets([1]), counts: [0, 0], sum: 0)),
            .summary(SummaryReading(quantiles: Quantiles([]), values: [], sum: 0, count: 0)),
            .states(StatesReading(states: States(["on"]), isOn: [true])),
        ]
        let right: [MetricKind: Int] = [
            .gauge: 0, .counter: 0, .unknown: 0, .info: 0, .histogram: 1, .gaugehistogram: 1, .summary: 2, .stateset: 3,
        ]
        for kind in MetricKind.allCases {
            let found = try values.map { try !family(kind, $0).series.isEmpty }
            #expect(found == values.indices.map { $0 == right[kind] }, "\(kind)")
        }
    }

    @Test("every series of a sample has its time; facts have none")
    func time() throws {
        let buckets = try HistogramReading(buckets: Buckets([0.5]), counts: [2, 1], sum: 4)
        let descriptor = try MetricDescriptor("x", kind: .histogram, help: "")
        let time = Duration.milliseconds(1_700_000_000_123)
        let family = MetricFamily(descriptor, samples: [Sample(.histogram(buckets), time: time)])
        #expect(family.series.map(\.time) == [time, time, time, time])
        let info = try MetricDescriptor("y", kind: .info, help: "")
        #expect(MetricFamily(info, samples: [Sample(1, time: time)]).series.map(\.time) == [nil])
    }
}
