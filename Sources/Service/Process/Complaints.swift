import AsyncHTTP
import Flags

/// What a program says on standard error when it has no log: because it was started wrongly, or could not do its job. Each is a
/// line of the log where that is JSON, and otherwise what programs print in a shell.
struct Complaints: Sendable {
    let program: String
    let format: LogFormat
    let write: @Sendable ([UInt8]) -> Bool

    /// - Returns: the exit status.
    func misuse(_ errors: [UsageError]) -> Int32 {
        let help = "\(program) --help"
        for error in errors { complain(error.description, [("try", LogValue(help))]) }
        if format == .logfmt { complain("try: \(help)") }
        return 2
    }

    /// - Returns: the exit status.
    func failure(_ error: any Error) -> Int32 {
        complain("\(error)")
        return 1
    }

    private func complain(_ problem: String, _ fields: [LogLine.Field] = []) {
        switch format {
        case .logfmt: _ = write(Array("\(program): \(problem)\n".utf8))
        case .json:
            let line = LogLine(level: .error, message: problem, fields: fields, sinceEpoch: WallClock.sinceEpoch)
            _ = write(line.bytes(.json))
        }
    }
}
