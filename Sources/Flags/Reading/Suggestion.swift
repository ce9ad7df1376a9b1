/// What somebody may have meant by a word that is not known.
package enum Suggestion {
    /// `; did you mean --log.level?`, or nothing when no word is near.
    package static func clause(_ word: String, of known: [String]) -> String {
        let word = Array(word.lowercased().utf8.prefix(64))
        let distances = known.map { ($0, distance(word, Array($0.lowercased().utf8))) }
        guard let (nearest, steps) = distances.min(by: { $0.1 < $1.1 }), steps <= max(2, word.count / 4) else {
            return ""
        }
        return "; did you mean \(nearest)?"
    }

    /// How many letters have to be put in, taken out or exchanged (Levenshtein).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (other, candidate) in right.enumerated() {
                let kept = diagonal + (letter == candidate ? 0 : 1)
                diagonal = row[other + 1]
                row[other + 1] = min(kept, row[other] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
