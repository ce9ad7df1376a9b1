import Glibc

/// A program that was run to its end, and what it said on both of its outputs.
package struct ProgramRun {
    package let status: Int32
    package let output: String

    package struct CannotStart: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Runs a program with a file as its input.
    package init(_ program: String, _ arguments: [String], input: String = "/dev/null") throws {
        var ends: [Int32] = [0, 0]
        let made = unsafe pipe(&ends)
        guard made == 0 else { throw CannotStart(description: "no pipe: \(errno)") }
        let outputs = (read: ends[0], write: ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(outputs.read) }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, outputs.write, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, outputs.write, 2)

        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, program, &actions, nil, &words, environ)
        close(outputs.write)
        guard failure == 0 else {
            throw CannotStart(
                description: "cannot run \(program) (errno \(failure)): run `make test`, or Tests/setup before"
            )
        }

        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(outputs.read, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        self.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
        output = String(decoding: bytes, as: UTF8.self)
    }
}

/// A directory that is there while the body runs.
package func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/metrics-tests-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw ProgramRun.CannotStart(description: "no temporary directory") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = try? ProgramRun("rm", ["-r", path]) }
    return try body(path)
}

package func write(_ bytes: [UInt8], to path: String) throws {
    let file = unsafe fopen(path, "wb")
    guard let file = unsafe file else { throw ProgramRun.CannotStart(description: "cannot write \(path)") }
    defer { unsafe fclose(file) }
    guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else {
        throw ProgramRun.CannotStart(description: "cannot write \(path)")
    }
}
