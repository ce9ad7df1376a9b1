import AsyncHTTP
import Synchronization

/// The context that new connections are made from. Before each, its files are looked at, off the loops: what has changed is read
/// again. While they are not good, or a disk does not answer, the last good one stands.
final class ContextStore: Sendable {
    typealias Make = @Sendable (inout PEMFiles) throws(TLSError) -> TLSContext

    private struct State {
        var made: Result<TLSContext, TLSError>
        var files = PEMFiles()
        var make: Make
        /// Another one whenever `make` is.
        var revision = 0
        /// Nil before the first look.
        var lookedAt: MonotonicInstant?
        /// A look is under way since then.
        var looking: MonotonicInstant?
        var waiting: [@Sendable () -> Void] = []
    }

    /// Connections that come so soon after a look have no need of another.
    private static let tolerance = Duration.milliseconds(20)
    /// A disk that takes longer holds nobody up.
    private static let patience = Duration.seconds(1)

    private let state: Mutex<State>
    private let thread = WorkThread(capacity: 1)
    /// Told of each change of the files: what is wrong with them, or nil.
    private let renewed: @Sendable (TLSError?) -> Void

    /// Makes nothing yet.
    init(
        renewed: @escaping @Sendable (TLSError?) -> Void = { _ in },
        make: @escaping Make
    ) {
        self.renewed = renewed
        state = Mutex(State(made: .failure(TLSError(nil, "nothing has been read yet")), make: make))
    }

    /// The one that stands.
    var current: TLSContext? { try? state.withLock { $0.made }.get() }

    /// Reads now, on the calling thread, and from now on what this makes. Nothing changes when it fails.
    func replace(_ make: @escaping Make) throws(TLSError) {
        var files = PEMFiles()
        let context = try make(&files)
        state.withLock { state in
            (state.made, state.files, state.make) = (.success(context), files, make)
            state.revision &+= 1
            state.lookedAt = .now
        }
    }

    /// Hands over the context for a new connection, on the loop: at once, or when somebody has looked at the files.
    func lease(on loop: EventLoop, _ use: @escaping @Sendable (Result<TLSContext, TLSError>) -> Void) {
        let now = loop.state.now
        enum Next { case made, waits, looks }
        let next: Next = state.withLock { state in
            if let lookedAt = state.lookedAt {
                if state.files.seen.isEmpty, (try? state.made.get()) != nil { return .made }
                if lookedAt.duration(to: now) < Self.tolerance { return .made }
            }
            if let looking = state.looking, looking.duration(to: now) >= Self.patience { return .made }
            state.waiting.append { loop.execute { use(self.state.withLock { $0.made }) } }
            if state.looking != nil { return .waits }
            state.looking = now
            return .looks
        }
        switch next {
        case .made: use(state.withLock { $0.made })
        case .waits: break
        case .looks: Task(executorPreference: loop.taskExecutor) { await self.look() }
        }
    }

    private func look() async {
        try? await thread.run { self.renewIfChanged() }
        let waiting = state.withLock { state in
            (state.lookedAt, state.looking) = (.now, nil)
            defer { state.waiting = [] }
            return state.waiting
        }
        for resume in waiting { resume() }
    }

    private func renewIfChanged() {
        let (files, make, made, revision) = state.withLock { ($0.files, $0.make, $0.made, $0.revision) }
        if case .success = made, !files.haveChanged { return }
        var read = PEMFiles()
        let result = Result { () throws(TLSError) in try make(&read) }
        var problem: TLSError?
        if case .failure(let error) = result { problem = error }
        let isNews = state.withLock { state in
            // Something else is to be made meanwhile.
            guard state.revision == revision else { return false }
            if case .success = result {
                state.made = result
            } else if case .failure = state.made {
                state.made = result
            }
            state.files = read
            return !files.seen.isEmpty && read.seen != files.seen
        }
        if isNews { renewed(problem) }
    }
}
