package import AsyncHTTP
import Digests
import Synchronization

/// Lets those in who may: by rules that can be replaced while it works.
///
/// Who is known is admitted at once, and for as long as the rules last. A password that is not known has to be computed, which
/// takes a tenth of a second and more: one at a time, on a thread that gets what the loops leave over, with a short queue.
package final class Authoriser: Middleware {
    private struct State {
        var book: Rulebook
        var remembered: RememberedLogins
    }

    private let state: Mutex<State>
    /// That of the rules, for whoever looks at each request.
    private let current: Atomic<UInt64>
    private let key = RememberedLogins.Key()
    let hashing: WorkThread
    private let answers: AccessAnswers
    private let health: OpenHealth?
    private let needed: @Sendable (RequestHead) -> Scope
    private let counters: AccessCounters

    /// - Parameters:
    ///   - realm: what is locked, as browsers show it.
    ///   - health: what is told without credentials where the rules open that.
    ///   - needed: the scope that a request needs. Asked on serving loops.
    package init(
        _ rules: AccessRules = AccessRules(),
        realm: String,
        limits: AuthoriserLimits = AuthoriserLimits(),
        counters: AccessCounters = AccessCounters(),
        health: OpenHealth? = nil,
        needed: @escaping @Sendable (RequestHead) -> Scope = Scope.needed
    ) throws {
        answers = try AccessAnswers(realm: realm)
        state = Mutex(
            State(
                book: Rulebook(rules, generation: 1),
                remembered: RememberedLogins(capacity: limits.remembered)
            )
        )
        current = Atomic(1)
        hashing = WorkThread(capacity: limits.waiting, priority: .low)
        self.counters = counters
        self.health = health
        self.needed = needed
    }

    package var generation: UInt64 { current.load(ordering: .acquiring) }

    /// From now on these count. A login that is remembered stays so if its user and stored hash are the same.
    package func replace(with rules: AccessRules) {
        state.withLock { state in
            state.book = Rulebook(rules, generation: state.book.generation &+ 1)
            current.store(state.book.generation, ordering: .releasing)
        }
    }

    /// Nobody has to say who they are.
    package var isOpen: Bool { book.isOpen }

    package func admit(_ request: Request) -> Admission {
        let book = book
        if book.isOpen { return .admit(generation: book.generation) }
        switch Credentials(request.fields) {
        case .none:
            if book.opensHealth, let answer = health?.answer(request.head) { return .refuse(answer) }
            return refuse(.missing, answers.missing(book))
        case .unreadable: return refuse(.wrong, answers.wrong(book))
        case .bearer(let bytes):
            guard let token = book.token(bytes) else { return refuse(.wrong, answers.wrong(book)) }
            request.caller = KnownCaller(token)
            let scope = needed(request.head)
            // Who may do something else learns at least what everybody does.
            if !token.scopes.contains(scope), book.opensHealth, let answer = health?.answer(request.head) {
                return .refuse(answer)
            }
            return admit(token.scopes, for: scope, by: book)
        case .basic(let login):
            guard book.hasUsers else { return refuse(.wrong, answers.wrong(book)) }
            let user = book.user(login)
            let scope = needed(request.head)
            // Right also if it has to wait: whoever is not admitted reaches no handler.
            request.caller = user.map(KnownCaller.init)
            let digest = key.digest(of: login, against: user?.hash)
            if let user, isRemembered(digest) { return admit(user.scopes, for: scope, by: book) }
            return .suspend { [self] in await check(login, digest, for: scope, by: book) }
        }
    }

    private var book: Rulebook { state.withLock { $0.book } }

    private func isRemembered(_ digest: Digest) -> Bool {
        state.withLock { $0.remembered.contains(digest) }
    }

    /// Waits for its turn, and for the hash.
    private func check(_ login: Login, _ digest: Digest, for scope: Scope, by book: Rulebook) async -> Admission {
        do {
            // The same login may have been checked while this one waited.
            let isRight = try await hashing.run { [self] in isRemembered(digest) || book.isRight(login) }
            guard isRight, let user = book.user(login) else { return refuse(.wrong, answers.wrong(book)) }
            state.withLock { $0.remembered.remember(digest) }
            return admit(user, login, for: scope)
        } catch is CancellationError {
            // Nobody waits for it any more.
            return .refuse(answers.busy)
        } catch {
            return refuse(.busy, answers.busy)
        }
    }

    /// By the rules of now: they may have been replaced while it waited.
    private func admit(_ user: BasicUser, _ login: Login, for scope: Scope) -> Admission {
        let book = book
        if book.isOpen { return .admit(generation: book.generation) }
        guard let now = book.user(login), now.hash == user.hash, now.scopes == user.scopes else {
            return refuse(.wrong, answers.wrong(book))
        }
        return admit(now.scopes, for: scope, by: book)
    }

    private func admit(_ scopes: Set<Scope>, for scope: Scope, by book: Rulebook) -> Admission {
        guard scopes.contains(scope) else { return refuse(.forbidden, answers.forbidden(scope)) }
        return .admit(generation: book.generation)
    }

    private func refuse(_ reason: AccessCounters.Reason, _ answer: PreparedResponse) -> Admission {
        counters.count(reason)
        return .refuse(answer)
    }
}
