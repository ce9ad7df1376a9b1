import CCrypt

/// What is kept of a password: bcrypt with its salt and cost. It is read, and compared, as Go's bcrypt does it.
package struct PasswordHash: Sendable, Hashable {
    /// Why a text is none.
    package enum Problem: Error, Hashable {
        case tooShort
        /// It does not begin as one does.
        case prefix
        /// A cost that bcrypt does not have.
        case cost
        /// A cost with which each login would hold up all others for seconds.
        case tooCostly(Int)
    }

    /// The greatest cost that is taken: about a second.
    package static let greatestCost = 14
    private static let costs = 4...31
    /// The digits behind the salt.
    private static let length = 31
    private static let saltLength = 22
    private static let shortest = 59
    /// What bcrypt looks at of a password.
    private static let significant = 72

    package let text: String
    package let cost: Int
    private let salt: [UInt8]
    private let digits: [UInt8]

    package init(_ text: String) throws(Problem) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.shortest else { throw .tooShort }
        guard bytes[0] == UInt8(ascii: "$"), bytes[1] <= UInt8(ascii: "2") else { throw .prefix }
        // The letter of the version may be missing. All of them, `x` included, name one computation here.
        let place = bytes[2] == UInt8(ascii: "$") ? 3 : 4
        guard let cost = Int(String(decoding: bytes[place..<place + 2], as: UTF8.self)), Self.costs.contains(cost)
        else { throw .cost }
        guard cost <= Self.greatestCost else { throw .tooCostly(cost) }
        self.text = text
        self.cost = cost
        salt = Array(bytes[(place + 3)...].prefix(Self.saltLength))
        digits = Array(bytes[(place + 3 + Self.saltLength)...].prefix(Self.length))
    }

    /// One that no password is known for, for what must take as long as one that is.
    package static func dummy(cost: Int) -> PasswordHash {
        PasswordHash(cost: cost, salt: Array("......................".utf8))
    }

    private init(cost: Int, salt: [UInt8]) {
        text = ""
        self.cost = cost
        self.salt = salt
        digits = []
    }

    /// Computes it again, which takes long and blocks. How long tells nothing of the password.
    package func matches(_ password: [UInt8]) -> Bool {
        // To C a password would end at a zero.
        let isWhole = !password.contains(0)
        let phrase = isWhole ? Array(password.prefix(Self.significant)) : []
        guard let computed = Self.compute(phrase, cost: cost, salt: salt) else {
            // The salt is none. Nobody shall see it from outside.
            let dummy = Self.dummy(cost: cost)
            _ = Self.compute(phrase, cost: cost, salt: dummy.salt)
            return false
        }
        var difference: UInt8 = computed.count == digits.count && isWhole ? 0 : 1
        for (one, other) in zip(computed, digits) { difference |= one ^ other }
        return difference == 0
    }

    private static func compute(_ phrase: [UInt8], cost: Int, salt: [UInt8]) -> [UInt8]? {
        let setting = Array("$2b$\(cost < 10 ? "0" : "")\(cost)$".utf8) + salt
        let (phrase, terminated) = (phrase + [0], setting + [0])
        var scratch = [UInt8](repeating: 0, count: MemoryLayout<crypt_data>.size)
        let output = unsafe phrase.withUnsafeBytes { phrase in
            unsafe terminated.withUnsafeBytes { setting in
                unsafe scratch.withUnsafeMutableBytes { scratch in
                    unsafe crypt_rn(
                        phrase.bindMemory(to: CChar.self).baseAddress,
                        setting.bindMemory(to: CChar.self).baseAddress,
                        scratch.baseAddress,
                        Int32(clamping: scratch.count)
                    ).map { unsafe String(cString: $0) }
                }
            }
        }
        return output.map { Array($0.utf8.dropFirst(setting.count)) }
    }
}

extension PasswordHash: CustomStringConvertible {
    /// Without the hash itself, which is worth guessing at.
    package var description: String { "bcrypt of cost \(cost)" }
}
