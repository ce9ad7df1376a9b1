package import AsyncHTTP
import Synchronization

/// Has credentials at hand for each request, and looks at their files once a second, on a thread of its own: a file may hang.
package final class CredentialReader: Sendable {
    private struct Look: Sendable {
        let result: Result<Credentials, CredentialProblem>
        let at: MonotonicInstant
    }

    /// For whoever is refused: which flags have said what was sent, or that none has.
    package let remark: String
    private let interval: Duration
    private let fileFlags: String
    /// Locked while files are read, which only that thread does once it has begun.
    private let parts: Mutex<[CredentialPart]>
    private let last = Mutex<Look?>(nil)
    private let thread = WorkThread(capacity: 1)

    package init(_ configuration: CredentialsConfiguration, _ flags: CredentialFlags) {
        let parts = CredentialPart.all(configuration, flags)
        interval = configuration.lookInterval
        remark = Self.remark(parts, flags)
        fileFlags = Self.list(parts.filter(\.isFile).map(\.flag))
        self.parts = Mutex(parts)
    }

    /// What is to be sent now. Waits only when it is time to look at files.
    package func credentials(at now: MonotonicInstant) async throws(CredentialProblem) -> Credentials {
        if let look = last.withLock({ $0 }), isFresh(look, at: now) { return try look.result.get() }
        if fileFlags.isEmpty { return try look(at: now).get() }
        let result: Result<Credentials, CredentialProblem>
        do {
            result = try await thread.run { self.look(at: now) }
        } catch is CancellationError {
            throw CredentialProblem(fileFlags, "reading the file takes too long")
        } catch {
            throw CredentialProblem(fileFlags, "there is no thread to read the file on (\(error))")
        }
        return try result.get()
    }

    /// The same, read here and now: for whoever may block.
    package func read() throws(CredentialProblem) -> Credentials {
        try look(at: .now).get()
    }

    private func look(at now: MonotonicInstant) -> Result<Credentials, CredentialProblem> {
        let result = parts.withLock { parts in
            do throws(CredentialProblem) {
                return Result<Credentials, CredentialProblem>.success(try Credentials(&parts))
            } catch {
                return .failure(error)
            }
        }
        last.withLock { $0 = Look(result: result, at: now) }
        return result
    }

    private func isFresh(_ look: Look, at now: MonotonicInstant) -> Bool {
        fileFlags.isEmpty || look.at.duration(to: now) < interval
    }

    private static func remark(_ parts: [CredentialPart], _ flags: CredentialFlags) -> String {
        guard parts.isEmpty else { return "it was sent what \(list(parts.map(\.flag))) has" }
        return "no credential was sent: \(flags.advice), or --\(flags.name(.tokenFile))"
    }

    private static func list(_ flags: [String]) -> String {
        var seen: Set<String> = []
        return flags.filter { seen.insert($0).inserted }.joined(separator: " and ")
    }
}
