import Digests

/// The rules of one generation, as they are looked up.
final class Rulebook: Sendable {
    let generation: UInt64
    /// Nobody has to say who they are.
    let isOpen: Bool
    let opensHealth: Bool
    let hasUsers: Bool
    let hasTokens: Bool
    private let users: [[UInt8]: BasicUser]
    private let tokens: [BearerToken]
    /// Of the costs of all users.
    private let greatestCost: Int

    init(_ rules: AccessRules, generation: UInt64) {
        self.generation = generation
        isOpen = rules.isEmpty
        opensHealth = rules.opensHealth
        hasUsers = !rules.users.isEmpty
        hasTokens = !rules.tokens.isEmpty
        users = Dictionary(rules.users.map { (Array($0.name.utf8), $0) }) { first, _ in first }
        tokens = rules.tokens
        greatestCost = rules.users.map(\.hash.cost).max() ?? 0
    }

    func user(_ login: Login) -> BasicUser? { users[login.user] }

    /// All are compared, so that the time tells nothing of which is nearest.
    func token(_ bytes: [UInt8]) -> BearerToken? {
        let digest = Digest.sha256(bytes)
        var found: BearerToken?
        for token in tokens where token.digest == digest { found = token }
        return found
    }

    /// Computes the hash of a password: long, and on a thread where it may take long. Every login that is not right takes as long
    /// as the most costly of all: each step of cost doubles the work, so what is missing to that is one hash of each step
    /// between.
    func isRight(_ login: Login) -> Bool {
        let user = user(login)
        let hash = user?.hash ?? .dummy(cost: greatestCost)
        if hash.matches(login.password), user != nil { return true }
        for cost in hash.cost..<max(hash.cost, greatestCost) {
            _ = PasswordHash.dummy(cost: cost).matches(login.password)
        }
        return false
    }
}
