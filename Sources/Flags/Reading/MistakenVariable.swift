/// A variable of the environment that has no effect, and probably was meant to have one.
package struct MistakenVariable: Sendable, Hashable {
    package let name: String
    /// The variable that was probably meant.
    package let meant: String
}

extension ProgramTable {
    /// A shorter name is near too many others: `PORT` is two letters from `PATH` and `POD`.
    private static var shortestName: Int { 8 }
    private static var longestDistance: Int { 2 }

    /// The variables that are nearly one of the program's: a flag's name in capitals, with `_` for `.` and `-`, whose variable is
    /// called otherwise; and those that are at most two letters from a variable of at least eight, whatever their case.
    ///
    /// What Kubernetes sets for its services (`*_SERVICE_*`, `*_PORT`, `*_PORT_*`) is nobody's mistake, and an empty variable has
    /// no effect by right.
    ///
    /// - Parameter besides: other variables that the program knows.
    package func mistaken(
        in environment: [String: String],
        besides others: [String] = []
    ) -> [MistakenVariable] {
        let all = flags + commands.flatMap(\.environmentFlags)
        let own = all.flatMap { [$0.variable, $0.alternative?.name].compactMap { $0 } } + others
        let known = Set(own)
        let near = known.filter { $0.utf8.count >= Self.shortestName }.sorted().map { Array($0.utf8) }
        let byFlag = Dictionary(
            all.compactMap { flag in flag.variable.map { (flag.capitals, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        return environment.keys.sorted().compactMap { name in
            guard environment[name] != "", !known.contains(name), !name.isOfKubernetes else { return nil }
            if let meant = byFlag[name] { return MistakenVariable(name: name, meant: meant) }
            return Self.nearest(to: name, of: near).map { MistakenVariable(name: name, meant: $0) }
        }
    }

    private static func nearest(to name: String, of known: [[UInt8]]) -> String? {
        let word = Array(name.uppercased().utf8)
        let distances = known.filter { abs($0.count - word.count) <= longestDistance }
            .map { ($0, Suggestion.distance(word, $0)) }
        guard let (nearest, steps) = distances.min(by: { $0.1 < $1.1 }), steps <= longestDistance else { return nil }
        return String(decoding: nearest, as: UTF8.self)
    }
}

extension Flag {
    /// As a variable would be called that is named after it.
    fileprivate var capitals: String {
        String(decoding: name.uppercased().utf8.map { ".-".utf8.contains($0) ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }
}

extension String {
    fileprivate var isOfKubernetes: Bool {
        let parts = split(separator: "_", omittingEmptySubsequences: false).dropFirst()
        return parts.contains("PORT") || parts.dropLast().contains("SERVICE")
    }
}
