/// A part of a command line that nobody else is to see: `ps` shows the words of every process.
package struct SecretWord: Sendable, Hashable {
    /// Which of the arguments.
    package let index: Int
    /// How many of its bytes may be seen.
    package let shown: Int

    package init(index: Int, shown: Int) {
        (self.index, self.shown) = (index, shown)
    }
}

extension ProgramTable {
    /// Where the values of secret flags stand, whether they are right or not.
    package func secretWords(in arguments: [String]) -> [SecretWord] { flags.secretWords(in: arguments) }

    func hasSecretFlag(in arguments: [String]) -> Bool { flags.hasSecretFlag(in: arguments) }
}

/// The same for a program whose flags are all of its table.
extension Array {
    package func secretWords<Configuration>(in arguments: [String]) -> [SecretWord]
    where Element == Flag<Configuration> {
        let names = Set(filter(\.isSecret).map { "--\($0.name)" })
        return arguments.indices.compactMap { index in
            let word = arguments[index]
            let name = word.prefix { $0 != "=" }
            if name.endIndex != word.endIndex, names.contains(String(name)) {
                return SecretWord(index: index, shown: name.utf8.count + 1)
            }
            let isValue = index > arguments.startIndex && names.contains(arguments[index - 1])
            return isValue ? SecretWord(index: index, shown: 0) : nil
        }
    }

    /// Whether any secret flag is meant, if not written as it should be. A word that fits nowhere may then be a piece of its
    /// value: of a password with a space that was not quoted, say.
    package func hasSecretFlag<Configuration>(in arguments: [String]) -> Bool where Element == Flag<Configuration> {
        let names = filter(\.isSecret).map(\.name)
        return arguments.contains { word in
            guard !names.isEmpty, let name = word.drop(while: { $0 == "-" }).flagName.nonEmpty else { return false }
            return names.contains(String(name)) || !Suggestion.clause(String(name), of: names).isEmpty
        }
    }
}

extension StringProtocol {
    /// What a flag's name may be made of, as far as it goes: behind it a value may begin, by `=` or by mistake.
    var flagName: SubSequence {
        prefix { character in
            character.isASCII && (character.isLetter || character.isNumber || character == "." || character == "-")
        }
    }

    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}

extension String {
    /// As it may be shown when nobody knows what it is: without what could be a value.
    var withoutValue: String {
        guard let sign = firstIndex(of: "=") else { return self }
        return self[...sign] + "…"
    }
}
