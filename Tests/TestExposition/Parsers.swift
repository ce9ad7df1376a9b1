package import Telemetry

/// The two parsers that were not written here.
package enum Parsers {
    private static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3).joined(separator: "/")

    package enum Format: String, CaseIterable {
        case text
        case openmetrics

        package var exposition: ExpositionFormat { self == .text ? .text004 : .openMetrics100 }
    }

    package struct Refused: Error, CustomStringConvertible {
        package let description: String
    }

    /// What prometheus_client reads in each exposition, a sorted list of samples per exposition. OpenMetrics is read strictly.
    package static func parse(_ expositions: [[UInt8]], as format: Format) throws -> [[String]] {
        try withTemporaryDirectory { directory in
            let paths = expositions.indices.map { "\(directory)/\($0)" }
            for (path, exposition) in zip(paths, expositions) { try write(exposition, to: path) }
            let script = repository + "/Tests/parse-back.py"
            let command = try ProgramRun(repository + "/.build/python/bin/python", [script, format.rawValue] + paths)
            guard command.status == 0 else { throw Refused(description: command.output) }
            return command.output.split(separator: "\n")
                .split(omittingEmptySubsequences: false) { $0.hasPrefix("= ") }
                .dropFirst().map { $0.map(String.init).sorted() }
        }
    }

    /// What `promtool check metrics` says about a text exposition, a complaint per line. An exposition that it cannot
    /// read is an error.
    package static func lint(_ exposition: [UInt8]) throws -> [String] {
        try withTemporaryDirectory { directory in
            try write(exposition, to: directory + "/input")
            let command = try ProgramRun("promtool", ["check", "metrics"], input: directory + "/input")
            // 0: all is well. 3: readable, with complaints. 1: not readable.
            guard command.status == 0 || command.status == 3 else { throw Refused(description: command.output) }
            return command.output.split(separator: "\n").map(String.init)
        }
    }
}
