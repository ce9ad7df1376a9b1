import Testing

@testable import Access

@Suite("Passwords: bcrypt as Go has it")
struct PasswordHashTests {
    private static let rest = "04$3REQfmDOPRXhaJtCT38KbeMutctprW9hH5cTBZ0b0MOMxaQhVIxly"

    @Test(
        "the password is recognised, and no other",
        arguments: [
            ("correct horse", "$2a$04$txH.K5j3g4xSa9uMAwTw9ecGjXAoU4FEYtkQchZMueAFzIcojurF."),
            ("correct horse", "$2a$05$I5FJSeH7AhjECdNJb2KuMOT1bwx3CZ26wNAmL5fOMcu5/QrR1dGAu"),
            ("correct horse", "$2a$06$6IeUQiJL7CU7s4PpAUYkQ.EiJwaENXhReoe9kiQMqrAt9ijmxiUX6"),
            ("", "$2a$04$8oxuSjV6IWReWvYmdfha3ODsv3mRLp8yWhcmWu0dGarL2whlBfX6W"),
            ("päss", "$2a$04$IHrCbllOtS37q8hiiUmtsed105BSZwneaXj9vqRno0MgcugieurwO"),
            (String(repeating: "ÿ", count: 40), "$2a$04$aBL.uJqFqC2NMrg82Glei.RA8eNwjcudmMK3E0b17umCyIJOYBlXW"),
        ]
    )
    func passwords(_ password: String, _ text: String) throws {
        let hash = try PasswordHash(text)
        #expect(hash.matches(Array(password.utf8)))
        #expect(!hash.matches(Array("\(password) ".utf8).reversed()))
    }

    @Test(
        "every version names one computation, also that which others give to an old mistake",
        arguments: ["$2$", "$2a$", "$2b$", "$2x$", "$2y$", "$2z$", "$1a$"]
    )
    func versions(_ version: String) throws {
        #expect(try PasswordHash(version + Self.rest).matches(Array(Known.password.utf8)))
    }

    @Test("only the first 72 bytes of a password count, and what stands behind the hash does not")
    func lengths() throws {
        let hash = try PasswordHash("$2a$04$JZRYWdVzhkT8WqZ.W.EHy.dr4Ahm99heGsDmsYlvpSaPwJ9fO6s76")
        for count in [72, 100, 600] { #expect(hash.matches([UInt8](repeating: UInt8(ascii: "x"), count: count))) }
        #expect(!hash.matches([UInt8](repeating: UInt8(ascii: "x"), count: 71)))
        #expect(try PasswordHash("$2a$\(Self.rest)junk").matches(Array(Known.password.utf8)))
        #expect(try !PasswordHash("$2a$\(Self.rest.dropLast())").matches(Array(Known.password.utf8)))
    }

    @Test("bits of the salt that mean nothing are not compared")
    func salts() throws {
        let text = "$2a$04$3REQfmDOPRXhaJtCT38KbfMutctprW9hH5cTBZ0b0MOMxaQhVIxly"
        #expect(try PasswordHash(text).matches(Array(Known.password.utf8)))
    }

    @Test("a password with a zero in it matches nothing, wherever it stands")
    func zeros() throws {
        let hash = try PasswordHash(Known.hash)
        #expect(!hash.matches(Array("\(Known.password)\0".utf8)))
        #expect(!hash.matches(Array("\(Known.password)\0more".utf8)))
        let empty = try PasswordHash("$2a$04$8oxuSjV6IWReWvYmdfha3ODsv3mRLp8yWhcmWu0dGarL2whlBfX6W")
        #expect(!empty.matches([0]))
        #expect(empty.matches([]))
    }

    @Test("a salt that is none takes a hash and matches nothing")
    func brokenSalt() throws {
        #expect(try !PasswordHash("$2a$04$!REQfmDOPRXhaJtCT38KbeMutctprW9hH5cTBZ0b0MOMxaQhVIxly").matches([]))
    }

    @Test(
        "what is no hash is refused, and says why",
        arguments: [
            ("", .tooShort), ("doe", .tooShort), (String("$2a$\(rest)".dropLast(2)), .tooShort),
            ("x2a$\(rest)", .prefix),
            ("$3a$\(rest)", .prefix), ("$2a\(rest)", .cost), ("$2a$03\(rest.dropFirst(2))", .cost),
            ("$2a$32\(rest.dropFirst(2))", .cost), ("$2a$xx\(rest.dropFirst(2))", .cost),
            ("$2a$15\(rest.dropFirst(2))", .tooCostly(15)), ("$2a$31\(rest.dropFirst(2))", .tooCostly(31)),
        ] as [(String, PasswordHash.Problem)]
    )
    func refusals(_ text: String, _ problem: PasswordHash.Problem) {
        #expect(throws: problem) { try PasswordHash(text) }
    }

    @Test("what is printed of a hash is its cost")
    func description() throws {
        #expect("\(try PasswordHash(Known.hash))" == "bcrypt of cost 4")
        #expect(try PasswordHash("$2a$14\(Self.rest.dropFirst(2))").cost == 14)
    }
}
