import Glibc
import Synchronization
import Testing

@testable import AsyncHTTP

/// Waits until a condition holds, and says whether it came to that. It looks every millisecond, for ten seconds.
func eventually(every microseconds: UInt32 = 1000, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = MonotonicInstant.now.advanced(by: .seconds(RawSocket.patience))
    while try !condition() {
        if MonotonicInstant.now > deadline { return false }
        usleep(microseconds)
    }
    return true
}

/// The same for a test that is itself a task of a loop.
func eventually(on loop: EventLoop, _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = MonotonicInstant.now.advanced(by: .seconds(RawSocket.patience))
    while try !condition() {
        if MonotonicInstant.now > deadline { return false }
        try await loop.clock.sleep(for: .milliseconds(1))
    }
    return true
}

/// Lets tasks through once a test has opened it.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// How many wait in front of it.
    var waiting: Int { state.withLock { $0.waiting.count } }

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Calls something at a moment.
final class Call: Deadline {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) {
        self.body = body
    }

    override func reached() {
        body()
    }
}

/// What several threads write down, in order.
final class Log<Entry: Sendable>: Sendable {
    private let stored = Mutex<[Entry]>([])

    func append(_ entry: Entry) {
        stored.withLock { $0.append(entry) }
    }

    var entries: [Entry] { stored.withLock { $0 } }
}

/// How long a body took.
func measured(_ body: () throws -> Void) rethrows -> Duration {
    let start = MonotonicInstant.now
    try body()
    return start.duration(to: .now)
}

/// A directory that is there while the body runs.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/http-tests-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw RawSocket.Failure(description: "no temporary directory") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
        for name in directoryEntries(path) { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }
    return try body(path)
}

/// The names in a directory, without `.` and `..`.
func directoryEntries(_ path: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// How many descriptors and threads this process has. Only of use in a process of the test's own.
enum ThisProcess {
    static var descriptors: Int { directoryEntries("/proc/self/fd").count }
    static var threads: Int { directoryEntries("/proc/self/task").count }

    /// How many descriptors there are when nobody is just opening one: what runs the tests reads files of its own.
    static var settledDescriptors: Int {
        var (last, same) = (-1, 0)
        while same < 5 {
            usleep(5000)
            let now = descriptors
            same = now == last ? same + 1 : 0
            last = now
        }
        return last
    }
}
