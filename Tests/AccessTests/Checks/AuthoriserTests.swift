import AsyncHTTP
import Digests
import HTTPTestKit
import Testing

@testable import Access

@Suite("Authoriser: who may")
struct AuthoriserTests {
    private static let alice = Known.basic("alice", Known.password)
    private static let bearer = "Bearer \(Known.token)"

    private func token(_ name: String, _ scopes: Set<Scope>, components: [Glob]? = nil) throws -> BearerToken {
        let digest = try #require(Digest(hexadecimal: Known.digest))
        return BearerToken(name: name, digest: digest, scopes: scopes, components: components)
    }

    private func authoriser(_ rules: AccessRules, _ counters: AccessCounters = AccessCounters()) throws -> Authoriser {
        try Authoriser(rules, realm: "tests", counters: counters)
    }

    @Test("where nobody has to say who they are everybody may, whatever they say")
    func open() throws {
        let ask = Asking(try authoriser(AccessRules()))
        #expect(try ask() == "200 welcome stranger")
        #expect(try ask("POST", "/-/reload", "Nonsense") == "200 welcome stranger")
    }

    @Test("a user who is known and says the right password may, once it has been computed and after that")
    func users() throws {
        let counters = AccessCounters()
        let ask = Asking(try authoriser(try Known.alice(), counters))
        for _ in 0..<3 { #expect(try ask("GET", "/", Self.alice) == "200 welcome alice") }
        #expect(try ask() == "401 credentials are needed")
        #expect(try ask("GET", "/", Known.basic("alice", "wrong")) == "401 these credentials are not right")
        #expect(try ask("GET", "/", Known.basic("mallory", Known.password)) == "401 these credentials are not right")
        #expect(
            try ask("GET", "/", Known.basic("alice", "\(Known.password)\0")) == "401 these credentials are not right"
        )
        #expect(try ask("GET", "/", Self.bearer) == "401 these credentials are not right")
        #expect(try ask("GET", "/", Self.alice, Self.alice) == "401 these credentials are not right")
        #expect(counters.statistics == AccessStatistics(missing: 1, wrong: 5))
    }

    @Test("a password is remembered whole: one that begins alike is computed again")
    func whole() throws {
        let hash = "$2a$04$JZRYWdVzhkT8WqZ.W.EHy.dr4Ahm99heGsDmsYlvpSaPwJ9fO6s76"
        let authoriser = try authoriser(try Known.rules { $0.users = [try Known.user("alice", hash: hash)] })
        let ask = Asking(authoriser)
        let long = String(repeating: "x", count: 72)
        #expect(try ask("GET", "/", Known.basic("alice", long)) == "200 welcome alice")
        authoriser.hashing.stop()
        #expect(try ask("GET", "/", Known.basic("alice", long)) == "200 welcome alice")
        #expect(try ask("GET", "/", Known.basic("alice", "\(long)y")).hasPrefix("429 "))
    }

    @Test("a token is recognised by its digest, and the handler knows of which components it may speak")
    func tokens() throws {
        let rules = try Known.rules { $0.tokens = [try token("scraper", [.read], components: [Glob("us-*")])] }
        let ask = Asking(try authoriser(rules))
        #expect(try ask("GET", "/", Self.bearer) == "200 welcome scraper elsewhere")
        #expect(try ask("GET", "/", "Bearer 0123456789abcdeF") == "401 these credentials are not right")
        #expect(try ask("GET", "/", Self.alice) == "401 these credentials are not right")
        let wider = try Known.rules {
            $0.tokens = [try token("scraper", [.read], components: [Glob("x"), Glob("eu-?")])]
        }
        #expect(try Asking(authoriser(wider))("GET", "/", Self.bearer) == "200 welcome scraper")
    }

    @Test(
        "who is known and may not is told what is missing",
        arguments: [
            ("GET", "/", [.read], "200 welcome worker"),
            ("GET", "/", [.write, .admin], "403 this needs the scope read"),
            ("POST", "/", [.read], "403 this needs the scope write"), ("POST", "/", [.write], "200 welcome worker"),
            ("POST", "/-/reload", [.read, .write], "403 this needs the scope admin"),
            ("POST", "/-/reload", [.admin], "200 welcome worker"),
        ] as [(String, String, Set<Scope>, String)]
    )
    func scopes(_ method: String, _ target: String, _ scopes: Set<Scope>, _ answer: String) throws {
        let counters = AccessCounters()
        let byToken = try authoriser(try Known.rules { $0.tokens = [try token("worker", scopes)] }, counters)
        #expect(try Asking(byToken)(method, target, Self.bearer) == answer)
        let byName = try authoriser(try Known.rules { $0.users = [try Known.user("worker", scopes)] }, counters)
        let ask = Asking(byName)
        for _ in 0..<2 { #expect(try ask(method, target, Known.basic("worker", Known.password)) == answer) }
        #expect(counters.statistics.forbidden == (answer.hasPrefix("403") ? 3 : 0))
    }

    @Test("a program has a rule of its own for what a request needs")
    func ownRule() throws {
        let authoriser = try Authoriser(try Known.alice(), realm: "tests") { $0.target.path == "/" ? .admin : .read }
        let ask = Asking(authoriser)
        #expect(try ask("GET", "/", Self.alice) == "403 this needs the scope admin")
        #expect(try ask("GET", "/x", Self.alice) == "200 welcome alice")
    }

    @Test("a client is told which credentials are wanted")
    func challenges() throws {
        let (basic, bearer) = ("Basic realm=\"tests\", charset=\"UTF-8\"", "Bearer realm=\"tests\"")
        let (users, tokens) = ([try Known.user("alice")], [try token("worker", [.read])])
        for (rules, wanted) in [
            (Known.rules { $0.users = users }, [basic]), (Known.rules { $0.tokens = tokens }, [bearer]),
            (Known.rules { ($0.users, $0.tokens) = (users, tokens) }, [basic, bearer]),
        ] {
            let ask = Asking(try authoriser(rules))
            #expect(try ask.field("WWW-Authenticate") == wanted)
            let wrong = wanted.map { $0 == bearer ? "\(bearer), error=\"invalid_token\"" : $0 }
            #expect(try ask.field("WWW-Authenticate", "/", "Bearer x") == wrong)
        }
    }

    @Test("a realm cannot break out of its quotes")
    func realm() throws {
        let ask = Asking(try Authoriser(try Known.alice(), realm: "a\"b\\c"))
        #expect(try ask.field("WWW-Authenticate") == ["Basic realm=\"abc\", charset=\"UTF-8\""])
    }

    // MARK: Health

    private func healthAuthoriser(isOpen: Bool) throws -> Asking {
        let answers = try ["/healthz", "/-/ready"].map { path in
            (path, try PreparedResponse(.text("status of \(path)", status: .serviceUnavailable)))
        }
        let nothing = try PreparedResponse(.text("status"))
        let health = OpenHealth { path in answers.first { $0.0 == path }?.1 ?? nothing }
        var rules = try Known.alice()
        rules.opensHealth = isOpen
        return Asking(try Authoriser(rules, realm: "tests", health: health))
    }

    @Test("where health is open its status is told to everybody, and the rest to those who are known")
    func openHealth() throws {
        let ask = try healthAuthoriser(isOpen: true)
        #expect(try ask("GET", "/healthz") == "503 status of /healthz")
        #expect(try ask("GET", "/healthz?x") == "503 status of /healthz")
        #expect(try ask("HEAD", "/-/ready") == "503 ")
        #expect(try ask("GET", "/readyz") == "200 status")
        #expect(try ask("GET", "/-/healthy") == "200 status")
        #expect(try ask("GET", "/healthz", Self.alice) == "200 welcome alice")
        #expect(try ask("GET", "/healthz", "Basic x") == "401 these credentials are not right")
    }

    @Test(
        "nothing else is open, and nothing can be changed there",
        arguments: ["/", "/status.json", "/healthz/", "/-/", "/metrics"]
    )
    func closed(_ path: String) throws {
        let ask = try healthAuthoriser(isOpen: true)
        #expect(try ask("GET", path) == "401 credentials are needed")
        #expect(try ask("POST", "/healthz") == "401 credentials are needed")
    }

    @Test("where it is not opened it is locked as everything else")
    func closedHealth() throws {
        #expect(try healthAuthoriser(isOpen: false)("GET", "/healthz") == "401 credentials are needed")
    }
}
