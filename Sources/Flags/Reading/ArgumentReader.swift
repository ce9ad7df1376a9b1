/// Sorts a program's arguments: values by flag, operands, requests for information such as `--help`, and what is wrong.
package struct ArgumentReader<Configuration> {
    /// What was given, by the name of the flag and in order; a toggle is `true` or `false`.
    package private(set) var given: [String: [String]] = [:]
    package private(set) var operands: [String] = []
    /// The last flag of those that only ask for information.
    package private(set) var information: String?
    package private(set) var errors: [UsageError] = []

    private let flags: [Flag<Configuration>]
    private let informationFlags: [String]
    private let hidesWords: Bool
    private let remark: (String) -> String

    /// - Parameters:
    ///   - information: the names of flags without values that ask for information. `-h` is `help`.
    ///   - hidesWords: whether what is nearly no flag may be a piece of a secret.
    ///   - letters: the names of flags with values that `-n 5` and `-n5` stand for.
    ///   - remark: something to add about a flag that is not known, such as who else takes it.
    package init(
        _ arguments: some Sequence<String>,
        flags: [Flag<Configuration>],
        information: some Sequence<String>,
        hidesWords: Bool = false,
        letters: [Character: String] = [:],
        remark: @escaping (String) -> String = { _ in "" }
    ) {
        self.flags = flags
        informationFlags = information.sorted()
        self.hidesWords = hidesWords
        self.remark = remark
        var rest = Array(arguments)[...]
        while let word = rest.popFirst() {
            if word == "-h" {
                self.information = "help"
            } else if word.hasPrefix("--"), word.utf8.count > 2 {
                read(String(word.dropFirst(2)), &rest)
            } else if word.hasPrefix("-"), let letter = word.dropFirst().first, let name = letters[letter] {
                let value = word.dropFirst(2)
                read(value.isEmpty ? name : "\(name)=\(value)", &rest)
            } else {
                operands.append(word)
            }
        }
    }

    private mutating func read(_ text: String, _ rest: inout ArraySlice<String>) {
        let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = halves[0]
        if informationFlags.contains(name) {
            information = name
            return
        }
        if let flag = flags.first(where: { $0.name == name }) {
            if halves.count == 2 {
                given[name, default: []].append(halves[1])
            } else if flag.shape == .toggle {
                given[name, default: []].append("true")
            } else if let value = rest.popFirst() {
                given[name, default: []].append(value)
            } else {
                errors.append(UsageError("--\(name) needs a value (\(flag.placeholder ?? "")): \(flag.help)"))
            }
        } else if name.hasPrefix("no-"), halves.count == 1,
            let flag = flags.first(where: { $0.shape == .toggle && $0.name == name.dropFirst(3) })
        {
            given[flag.name, default: []].append("false")
        } else {
            let names = flags.map { "--\($0.name)" } + informationFlags.map { "--\($0)" }
            let known = String(name.flagName)
            let clause = remark(name) + Suggestion.clause("--\(known)", of: names)
            let shown = hidesWords && clause.isEmpty ? "…" : name == known ? known : "\(known)…"
            errors.append(UsageError("unknown flag --\(shown)\(clause)"))
            // `--typo value`: the value is not a second mistake.
            if halves.count == 1, let next = rest.first, !next.hasPrefix("-") { rest.removeFirst() }
        }
    }
}
