/// The body of a webhook as a ticket shop sends it when somebody has ordered a ticket. The same seed and number give the same.
struct TicketEvent: Sendable {
    private static let concerts = ["Open Air at the Lake", "Night of the Organs", "Jazz in the Cellar", "Spring Gala"]
    private static let towns = ["Bern", "Basel", "Geneva", "Lugano"]
    private static let people = ["Ada", "Blaise", "Chiara", "Dimitri", "Edith"]

    let number: Int
    let seed: UInt64
    /// Whether it asks for a failure.
    let fails: Bool

    /// - Parameter least: filled up to so many bytes.
    func body(atLeast least: Int) -> [UInt8] {
        var dice = seed &+ UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
        func roll(_ sides: Int) -> Int {
            dice = (dice ^ dice >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ 1
            return Int(truncatingIfNeeded: (dice >> 33) % UInt64(sides))
        }
        let start = """
            {"event":"ticket_created","id":"\(seed)-\(number)"\(fails ? #","simulate":"failure""# : ""),\
            "details":{"ticket":{"number":"\(100_000_000 + roll(900_000_000))","type":"online_presale",\
            "event":"\(Self.concerts[roll(Self.concerts.count)])","eventId":\(1000 + roll(9000)),\
            "location":"\(Self.towns[roll(Self.towns.count)])","doors":"\(18 + roll(4)):30",\
            "price":{"amount":"\(15 + roll(80)).00","currency":"CHF"}},\
            "buyer":{"role":"customer","firstName":"\(Self.people[roll(Self.people.count)])",\
            "postcode":"\(1000 + roll(8999))"}}
            """
        var bytes = Array(start.utf8)
        let filler = #","note":""#
        let missing = least - bytes.count - 1
        if missing > 0 {
            bytes += filler.utf8
            // Where less is missing than the field takes, it is a little longer than it has to be.
            bytes += [UInt8](repeating: UInt8(ascii: "."), count: max(0, missing - filler.utf8.count - 1))
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }
}
