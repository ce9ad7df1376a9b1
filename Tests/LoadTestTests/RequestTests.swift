import AsyncHTTP
import Flags
import Service
import Synchronization
import Testing

@testable import LoadTestKit

@Suite("Requests")
struct RequestTests {
    @Test("as many as were asked for are sent, and the run is over", arguments: [nil, 5] as [Int?], [1, 2])
    func count(scrapers: Int?, threads: Int) throws {
        for rate in scrapers == nil ? [RequestRate.perSecond(500), nil] : [nil] {
            let served = Tally()
            let report = try loaded(
                quickSettings {
                    $0.requests = 37
                    $0.duration = nil
                    $0.rate = rate
                    $0.threads = threads
                    $0.scrapers = scrapers
                    $0.interval = .milliseconds(20)
                }
            ) { _, responder in
                served.add()
                return try await responder.send(.text("up 1\n"))
            }
            #expect(served.count == 37)
            #expect(report.measurement.answers == 37)
            #expect(report.measurement.unsent == 0)
            #expect(report.elapsed > .zero && report.elapsed < .seconds(60))
            #expect(report.exitStatus == 0)
        }
    }

    @Test("after a warm-up, and failures among them, are as many", arguments: [.perSecond(500), nil] as [RequestRate?])
    func warmUp(rate: RequestRate?) throws {
        let served = Tally()
        let report = try loaded(
            quickSettings {
                $0.requests = 20
                $0.warmup = .milliseconds(100)
                $0.rate = rate
            }
        ) { _, responder in
            try await responder.send(
                served.add() % 2 == 0 ? .text("up 1\n") : .text("no\n", status: .serviceUnavailable)
            )
        }
        #expect(report.measurement.answers + report.measurement.failures.total == 20)
        #expect(report.measurement.failures.total > 0)
        #expect(served.count > 20)
    }

    @Test("of which there are too many for the time end with it")
    func timeFirst() throws {
        let report = try loaded(quickSettings { $0.requests = 1000 })
        #expect(report.measurement.answers + report.measurement.unsent == 100)
        #expect(report.elapsed == .milliseconds(500))
    }

    @Test("to a server that is slower than their rate are all sent, however late")
    func late() throws {
        let settings = quickSettings {
            $0.requests = 8
            $0.duration = nil
            $0.rate = .perSecond(1000)
            $0.connections = 1
        }
        let report = try loaded(settings) { _, responder in
            let until = MonotonicInstant.now.advanced(by: .milliseconds(100))
            while MonotonicInstant.now < until {}
            return try await responder.send(.text("up 1\n"))
        }
        #expect(report.measurement.answers == 8)
        #expect(report.measurement.unsent == 0)
    }

    @Test("have their method, their body and their credential", arguments: [HTTPMethod.post, .put, .delete, .options])
    func whole(method: HTTPMethod) throws {
        var inputs = LoadInputs()
        inputs.body = Array("{\"a\": 1}".utf8)
        inputs.authorization = Secret("Bearer sesame")
        let settings = quickSettings {
            $0.method = method
            $0.requests = 10
            $0.validation = .status
        }
        let report = try loaded(settings, inputs: inputs) { request, responder in
            let body = try await request.body.collect(upTo: .kibibytes(1))
            let isWhole =
                request.method == method && body == Array("{\"a\": 1}".utf8)
                && request.fields["Content-Type"] == "application/json"
                && request.fields["Authorization"] == "Bearer sesame"
            return try await responder.send(Response(status: isWhole ? .noContent : .badRequest))
        }
        #expect(report.measurement.answers == 10, "\(report.measurement.failures)")
    }

    @Test("for the head alone are answered without a body, on the same connections")
    func head() throws {
        let settings = quickSettings {
            $0.method = .head
            $0.validation = .status
        }
        let (report, connections) = try loaded(settings, .says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
        #expect(report.measurement.answers == 100)
        #expect(connections <= 4)
    }

    /// Otherwise a refusal that comes before the last byte would be a timeout, or a reset.
    @Test("that are refused before they were sent whole are read as refused")
    func refusedEarly() throws {
        var inputs = LoadInputs()
        inputs.body = [UInt8](repeating: 0x20, count: LoadInputs.longestBody.bytes)
        let settings = quickSettings {
            $0.method = .post
            $0.requests = 4
            $0.connections = 1
            $0.duration = nil
            $0.validation = .status
            $0.timeout = .seconds(20)
        }
        let (report, connections) = try loaded(
            settings,
            inputs: inputs,
            .saysAndReadsNoMore("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nno\n")
        )
        #expect(report.measurement.failures[.status] == 4, "\(report.measurement.failures)")
        #expect(report.measurement.failures.total == 4)
        #expect(connections == 4)
    }

    @Test("to several URLs are as many for each, and measured by themselves", arguments: [1, 2])
    func urls(threads: Int) throws {
        let settings = quickSettings {
            $0.requests = 99
            $0.duration = nil
            $0.rate = .perSecond(500)
            $0.threads = threads
        }
        let report = try loaded(settings, paths: ["a", "b", "c"]) { request, responder in
            let isGood = request.target.path != "/b"
            return try await responder.send(isGood ? .text("up 1\n") : .text("no\n", status: .notFound))
        }
        #expect(report.measurements.map(\.answers) == [33, 0, 33])
        #expect(report.measurements.map(\.failures.total) == [0, 33, 0])
        #expect(report.measurement.answers == 66)
        #expect(report.measurement.failures.example(of: .status) == "404")
    }

    @Test("to a URL that stands still do not make another late")
    func apart() throws {
        let settings = quickSettings {
            $0.connections = 4
            $0.timeout = .milliseconds(300)
        }
        let report = try loaded(settings, paths: ["quick", "hanging"]) { request, responder in
            if request.target.path == "/hanging" {
                // Until the server ends.
                let (stream, end) = AsyncStream<Void>.makeStream()
                for await _ in stream {}
                end.finish()
            }
            return try await responder.send(.text("up 1\n"))
        }
        #expect(report.measurements[0].answers == 50)
        #expect(report.measurements[0].latency.maximum < 250_000_000)
        #expect(report.measurements[1].answers == 0)
    }
}
