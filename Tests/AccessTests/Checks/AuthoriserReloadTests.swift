import AsyncHTTP
import Glibc
import HTTPTestKit
import Synchronization
import Testing

@testable import Access

@Suite("Authoriser: rules that are replaced")
struct AuthoriserReloadTests {
    private static let alice = Known.basic("alice", Known.password)

    @Test("each reload is another generation, and what counts is what it says")
    func generations() throws {
        let authoriser = try Authoriser(try Known.alice(), realm: "tests")
        let ask = Asking(authoriser)
        var seen: Set<UInt64> = [authoriser.generation]
        #expect(try ask("GET", "/", Self.alice) == "200 welcome alice")
        authoriser.replace(with: try Known.rules { $0.users = [try Known.user("bob")] })
        #expect(seen.insert(authoriser.generation).inserted)
        #expect(try ask("GET", "/", Self.alice).hasPrefix("401 "))
        authoriser.replace(with: AccessRules())
        #expect(seen.insert(authoriser.generation).inserted)
        #expect(try ask() == "200 welcome stranger")
        authoriser.replace(with: try Known.alice())
        #expect(seen.insert(authoriser.generation).inserted)
        #expect(try ask("GET", "/", Self.alice) == "200 welcome alice")
        #expect(try ask().hasPrefix("401 "))
    }

    @Test("who was remembered stays so while the stored hash is the same, and not when it is another")
    func remembered() throws {
        let authoriser = try Authoriser(try Known.alice(), realm: "tests")
        let ask = Asking(authoriser)
        #expect(try ask("GET", "/", Self.alice) == "200 welcome alice")
        // From here on nothing can be computed any more.
        authoriser.hashing.stop()
        authoriser.replace(with: try Known.rules { $0.users = [try Known.user("bob"), try Known.user("alice")] })
        #expect(try ask("GET", "/", Self.alice) == "200 welcome alice")
        let other = "$2a$05$I5FJSeH7AhjECdNJb2KuMOT1bwx3CZ26wNAmL5fOMcu5/QrR1dGAu"
        authoriser.replace(with: try Known.rules { $0.users = [try Known.user("alice", hash: other)] })
        #expect(try ask("GET", "/", Self.alice).hasPrefix("429 "))
    }

    /// A request that waits for the thread while the rules are replaced.
    private func answer(after rules: AccessRules) throws -> String {
        let authoriser = try Authoriser(try Known.alice(), realm: "tests")
        let barrier = Barrier()
        let thread = try BackgroundLoop()
        try thread.start { try? await authoriser.hashing.run { barrier.pass() } }
        while !barrier.isReached { usleep(200) }
        let replacing = Replacing(authoriser, rules, barrier)
        let answer = try Asking(replacing)("GET", "/", Self.alice)
        thread.join()
        return answer
    }

    /// Replaces the rules of the one behind it as soon as that one has looked at a request.
    private final class Replacing: Middleware {
        private let authoriser: Authoriser
        private let rules: AccessRules
        private let barrier: Barrier

        init(_ authoriser: Authoriser, _ rules: AccessRules, _ barrier: Barrier) {
            (self.authoriser, self.rules, self.barrier) = (authoriser, rules, barrier)
        }

        func admit(_ request: Request) -> Admission {
            let waits = authoriser.admit(request)
            authoriser.replace(with: rules)
            barrier.open()
            return waits
        }
    }

    @Test("a login that waited while they were replaced is judged by the new ones")
    func whileWaiting() throws {
        #expect(try answer(after: try Known.alice()) == "200 welcome alice")
        #expect(try answer(after: AccessRules()).hasPrefix("200 "))
        #expect(try answer(after: try Known.rules { $0.users = [try Known.user("bob")] }).hasPrefix("401 "))
        #expect(try answer(after: try Known.rules { $0.users = [try Known.user("alice", [.write])] }).hasPrefix("401 "))
    }

    @Test("what a server has learned to answer without asking is asked about again after a reload")
    func known() throws {
        let authoriser = try Authoriser(try Known.alice(), realm: "tests")
        let bob = try Known.rules { $0.users = [try Known.user("bob")] }
        try withStandingServer(behind: authoriser) { client in
            var fields = HeaderFields()
            try fields.append("Authorization", Self.alice)
            for _ in 0..<5 { #expect(try await client.get("/", fields: fields).status == 200) }
            authoriser.replace(with: bob)
            for _ in 0..<2 { #expect(try await client.get("/", fields: fields).status == 401) }
        }
    }
}
