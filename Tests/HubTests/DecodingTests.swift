import Testing

@testable import Hub

@Suite("Reading reports")
struct DecodingTests {
    @Test("the sample of the documents is read as it stands")
    func sample() throws {
        let body = """
            {
                "component_name": "worker-cpu-01",
                "component_type": "worker_pool",
                "metrics": [
                    {
                        "metric_name": "noetl_system_cpu_usage_percent",
                        "metric_type": "gauge",
                        "metric_value": 45.2,
                        "timestamp": "2024-01-01T12:00:00Z",
                        "labels": { "hostname": "node-1", "component": "worker-cpu-01" },
                        "help_text": "CPU usage percentage",
                        "unit": "percent"
                    }
                ]
            }
            """
        let decoded = try ReportDecoder().decode(Array(body.utf8), arrived: arrival)
        #expect(decoded.report.component == Component(type: "worker_pool", name: "worker-cpu-01"))
        #expect(decoded.report.arrived == arrival)
        #expect(decoded.report.reportID == nil)
        #expect(decoded.report.ttl == nil)
        #expect(decoded.rejections.isEmpty)
        #expect(
            decoded.report.metrics == [
                ReportedMetric(
                    name: "noetl_system_cpu_usage_percent",
                    kind: .gauge,
                    value: 45.2,
                    time: 1_704_110_400_000,
                    labels: [
                        ReportedLabel(name: "component", value: "worker-cpu-01"),
                        ReportedLabel(name: "hostname", value: "node-1"),
                    ],
                    help: "CPU usage percentage",
                    unit: "percent"
                )
            ]
        )
    }

    @Test("the number of a component is the beginning of a digest that anybody can compute")
    func runtimeID() {
        // printf 'worker_pool\0worker-cpu-01\0' | sha256sum, without its first bit.
        #expect(Component(type: "worker_pool", name: "worker-cpu-01").runtimeID == 0x1067_9224_d13e_04e0)
        #expect(Component(type: "a", name: "b", instance: "c").runtimeID != Component(type: "a", name: "b").runtimeID)
    }

    @Test(
        "values",
        arguments: [
            ("1", 1), ("-0", -0.0), ("0.1", 0.1), ("1e-400", 0), ("123456789012345678", 123_456_789_012_345_680),
            ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("0.30000000000000004", 0.1 + 0.2),
            (#""NaN""#, Double.nan), (#""+Inf""#, .infinity), (#""-inf""#, -.infinity), (#""Infinity""#, .infinity),
            (#""45.2""#, 45.2), ("4503599627370497.5", 4_503_599_627_370_497.5),
            ("5e-324", Double.leastNonzeroMagnitude),
        ]
    )
    func values(text: String, value: Double) throws {
        let read = try #require(try decoded(metric(value: text)).report.metrics.first).value
        #expect(read.bitPattern == value.bitPattern || (read.isNaN && value.isNaN))
    }

    @Test(
        "times",
        arguments: [
            (#""2024-01-01T12:00:00Z""#, 1_704_110_400_000), (#""2024-01-01T12:00:00""#, 1_704_110_400_000),
            (#""2024-01-01T12:00:00.123456""#, 1_704_110_400_123), (#""2024-01-01 12:00:00.5""#, 1_704_110_400_500),
            (#""2024-01-01t14:30:00+02:30""#, 1_704_110_400_000), (#""2023-12-31T23:00:00-13:00""#, 1_704_110_400_000),
            ("1704110400", 1_704_110_400_000), ("1704110400.25", 1_704_110_400_250),
            (#""1704110400""#, 1_704_110_400_000),
            ("-1", -1000), (#""1970-01-01T00:00:00Z""#, 0), (#""2000-02-29T00:00:00Z""#, 951_782_400_000),
            (#""0001-01-01T00:00:00Z""#, -62_135_596_800_000), (#""2016-12-31T23:59:60Z""#, 1_483_228_800_000),
            ("null", arrival), (#""9999-12-31T23:59:59Z""#, arrival), ("1e300", arrival),
            ("1800000300", 1_800_000_300_000),
            ("1800000300.001", arrival), ("1700000000000", arrival),
        ]
    )
    func times(text: String, time: Int64) throws {
        #expect(try decoded(metric(time: text)).report.metrics.first?.time == time)
    }

    @Test("a sample that does not say when it was taken was taken when it arrived")
    func arrivalTime() throws {
        let body = #"{"metric_name":"a","metric_type":"gauge","metric_value":1}"#
        #expect(try decoded(body).report.metrics == [ReportedMetric(name: "a", kind: .gauge, value: 1, time: arrival)])
    }

    @Test(
        "a sample that is wrong is left out with a reason, and its neighbours stay",
        arguments: [
            ("5", RejectionReason.notAnObject, "shape"), ("[[{}]]", .notAnObject, "shape"),
            (metric(name: "null"), .missing("metric_name"), "shape"),
            (#"{"metric_name":"a","metric_value":1}"#, .missing("metric_type"), "shape"),
            (#"{"metric_name":"a","metric_type":"gauge"}"#, .missing("metric_value"), "shape"),
            (metric(name: #""a-b""#), .metricName, "name"), (metric(name: #""""#), .metricName, "name"),
            (metric(name: #""1a""#), .metricName, "name"), (metric(name: #""é""#), .metricName, "name"),
            (metric(name: #""up""#), .reservedName, "reserved"),
            (metric(name: #""scrape_x""#), .reservedName, "reserved"),
            (metric(name: #""agent_hub_components""#), .reservedName, "reserved"),
            (metric(name: #""a\u0000""#), .nul("metric_name"), "text"),
            (metric(name: #""\ud83d""#), .notText("metric_name"), "text"),
            (metric(name: "\"\(String(repeating: "a", count: 256))\""), .tooLong("metric_name", limit: 255), "length"),
            (metric(name: "7"), .shape("metric_name", expected: "a text"), "shape"),
            (metric(kind: #""untyped""#), .kind, "type"), (metric(kind: "1"), .kind, "type"),
            (metric(value: "1e400"), .value, "value"), (metric(value: "-1e400"), .value, "value"),
            (metric(value: "true"), .shape("metric_value", expected: "a number"), "shape"),
            (metric(value: "null"), .shape("metric_value", expected: "a number"), "shape"),
            (metric(value: #""0x10""#), .shape("metric_value", expected: "a number"), "shape"),
            (metric(value: #"" 1""#), .shape("metric_value", expected: "a number"), "shape"),
            (metric(value: #""1e400""#), .shape("metric_value", expected: "a number"), "shape"),
            (metric(time: #""yesterday""#), .time, "timestamp"),
            (metric(time: #""2024-02-30T00:00:00Z""#), .time, "timestamp"),
            (metric(time: #""2023-02-29T00:00:00Z""#), .time, "timestamp"),
            (metric(time: #""2024-01-01T24:00:00Z""#), .time, "timestamp"),
            (metric(time: "-1e300"), .time, "timestamp"),
            (metric(time: #""2024-01-01T12:00:00.Z""#), .time, "timestamp"), (metric(time: "[]"), .time, "timestamp"),
            (metric(time: #""2024-01-01T12:00:00+2:00""#), .time, "timestamp"),
            (metric(time: #""""#), .time, "timestamp"),
            (metric(time: #""0000-01-01T00:00:00Z""#), .time, "timestamp"),
            (metric(time: #""NaN""#), .time, "timestamp"),
            (metric(labels: #"{"a-b":"c"}"#), .labelName("a-b"), "label"),
            (metric(labels: #"{"__a":"c"}"#), .labelName("__a"), "label"),
            (metric(labels: #"{"a:b":"c"}"#), .labelName("a:b"), "label"),
            (metric(labels: #"{"":"c"}"#), .labelName(""), "label"),
            (metric(labels: #"{"a":"1","b":"2","a":"1"}"#), .repeatedLabel("a"), "label"),
            (metric(labels: #"{"a":[]}"#), .shape("a label's value", expected: "a text"), "shape"),
            (metric(labels: #"{"a":"\u0000"}"#), .nul("a label's value"), "text"),
            (metric(labels: "[]"), .shape("labels", expected: "an object"), "shape"),
            (metric(unit: "\"\(String(repeating: "u", count: 51))\""), .tooLong("unit", limit: 50), "length"),
            (metric(help: "\"\(String(repeating: "h", count: 1025))\""), .tooLong("help_text", limit: 1024), "length"),
            (metric(help: "{}"), .shape("help_text", expected: "a text"), "shape"),
        ]
    )
    func rejections(sample: String, reason: RejectionReason, code: String) throws {
        let read = try decoded(metric(), sample, metric(value: "2"))
        #expect(read.rejections.map(\.reason) == [reason])
        #expect(read.rejections.map(\.index) == [1])
        #expect(read.indices == [0, 2])
        #expect(read.report.metrics.map(\.value) == [1, 2])
        #expect(reason.code.rawValue == code)
        #expect(!reason.description.isEmpty)
        #expect {
            try decoded(sample)
        } throws: {
            if case .allRejected(_, let rejections)? = $0 as? ReportRefusal { rejections.count == 1 } else { false }
        }
    }

    @Test("bytes that are no text cost the sample that has them, and nothing where nobody looks")
    func invalidText() throws {
        var body = Array(report([metric(labels: #"{"a":"?"}"#), metric(), #"{"x":"?"}"#].joined(separator: ",")).utf8)
        for index in body.indices where body[index] == UInt8(ascii: "?") { body[index] = 0xFF }
        let decoded = try ReportDecoder().decode(body, arrived: arrival)
        #expect(decoded.rejections.map(\.reason) == [.notText("a label's value"), .missing("metric_name")])
    }

    @Test(
        "labels are in order, and numbers in them are texts",
        arguments: [
            (#"{"b":"2","a":"1"}"#, ["a=1", "b=2"]),
            (#"{"n":1.50,"t":true,"f":false,"none":null}"#, ["f=false", "n=1.50", "t=true"]),
            (#"{"le":"0.1"}"#, ["le=0.1"]), (#"{"\u0061":"\u00e9\n"}"#, ["a=é\n"]), ("null", []), ("{}", []),
            (#"{"a":""}"#, ["a="]),
        ]
    )
    func labels(text: String, labels: [String]) throws {
        let read = try decoded(metric(labels: text)).report.metrics.first?.labels ?? []
        #expect(read.map { "\($0.name)=\($0.value)" } == labels)
    }

    @Test("types are read in capitals, too", arguments: ReportedKind.allCases)
    func kinds(kind: ReportedKind) throws {
        for text in [kind.name, kind.name.uppercased()] {
            #expect(try decoded(metric(kind: "\"\(text)\"")).report.metrics.first?.kind == kind)
        }
    }
}
