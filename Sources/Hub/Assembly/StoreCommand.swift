import AsyncHTTP
import Flags

/// `store export` and `store verify`, beside a hub that runs or without one.
enum StoreCommand {
    static func run(_ invocation: Invocation<HubConfiguration>) throws -> Int32 {
        guard case .sqlite(let path) = invocation.configuration.store.place else {
            throw UsageError("store needs --store=sqlite:PATH: memory has nothing that could be read")
        }
        switch invocation.operands {
        case ["export"]: return try export(LogReader(path: path))
        case ["verify"]: return try verify(LogReader(path: path), path)
        default: throw UsageError("store needs one word: export or verify")
        }
    }

    private static func export(_ reader: LogReader) throws -> Int32 {
        struct NobodyReads: Error {}
        do {
            _ = try LogExport.run(reader) { lines throws(NobodyReads) in
                if !StandardOutput.write(String(decoding: lines, as: UTF8.self)) { throw NobodyReads() }
            }
            return 0
        } catch is NobodyReads {
            return 1
        }
    }

    private static func verify(_ reader: LogReader, _ path: String) throws -> Int32 {
        let verification = try LogVerification.run(reader)
        for problem in verification.problems { StandardOutput.write("\(path): \(problem)\n") }
        let verdict = verification.problems.isEmpty ? "ok" : "damaged"
        StandardOutput.write(
            "\(path): \(verdict), \(verification.reports) reports with \(verification.samples) samples\n"
        )
        return verification.problems.isEmpty ? 0 : 1
    }
}
