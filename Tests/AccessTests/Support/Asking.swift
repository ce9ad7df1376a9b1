import AsyncHTTP
import Glibc
import HTTPTestKit
import Synchronization
import Testing

@testable import Access

/// What a server behind middleware answers, without a socket. Who gets through is greeted by name.
struct Asking {
    let test: HandlerTest

    init(_ middleware: any Middleware..., limits: ServerLimits = ServerLimits()) {
        test = HandlerTest(limits: limits, middleware: middleware) { request, responder in
            let name = request.caller?.name ?? "stranger"
            let components = request.knownCaller.map { $0.mayUse("eu-1") ? "" : " elsewhere" } ?? ""
            return try await responder.send(.text("welcome \(name)\(components)"))
        }
    }

    /// The status and the body.
    func callAsFunction(
        _ method: String = "GET",
        _ target: String = "/metrics",
        _ authorizations: String...
    ) throws -> String {
        let answer = try text(method, target, authorizations)
        let status = answer.split(separator: " ").dropFirst().first ?? ""
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).dropFirst().first ?? ""
        return "\(status) \(body.trimmed)"
    }

    /// The values of a field of the answer.
    func field(_ name: String, _ target: String = "/metrics", _ authorizations: String...) throws -> [String] {
        try text("GET", target, authorizations).split(separator: "\r\n").filter { $0.hasPrefix("\(name): ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    private func text(_ method: String, _ target: String, _ authorizations: [String]) throws -> String {
        let fields = authorizations.map { "Authorization: \($0)\r\n" }.joined()
        return try test.exchange("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: 0\r\n\r\n")
    }
}

extension Substring {
    fileprivate var trimmed: Substring { hasSuffix("\n") ? dropLast() : self }
}

/// A place where a thread waits until a test lets it go on.
final class Barrier: Sendable {
    private let isOpen = Atomic<Bool>(false)
    private let reached = Atomic<Bool>(false)

    var isReached: Bool { reached.load(ordering: .acquiring) }

    func open() { isOpen.store(true, ordering: .releasing) }

    func pass() {
        reached.store(true, ordering: .releasing)
        while !isOpen.load(ordering: .acquiring) { pause() }
    }

    private func pause() { usleep(200) }
}
