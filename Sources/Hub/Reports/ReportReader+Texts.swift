import AsyncHTTP
import JSON

extension ReportReader {
    /// Takes a value that should be a text; null is none.
    mutating func readText(_ field: String, _ limit: ByteCount) throws(JSONError) -> Result<String?, RejectionReason> {
        switch scanner.peek() {
        case UInt8(ascii: "\""):
            let place = try scanner.place()
            return text(at: place, field, limit).map(Optional.some)
        case UInt8(ascii: "n"):
            _ = try scanner.scalar()
            return .success(nil)
        default:
            try scanner.skipValue()
            return .failure(.shape(field, expected: "a text"))
        }
    }

    func text(at place: JSONPlace, _ field: String, _ limit: ByteCount) -> Result<String, RejectionReason> {
        guard let text = scanner.text(at: place) else { return .failure(.notText(field)) }
        guard text.utf8.count <= limit.bytes else { return .failure(.tooLong(field, limit: limit.bytes)) }
        // It cannot be in a JSON string but as an escape.
        guard !place.hasEscapes || !text.utf8.contains(0) else { return .failure(.nul(field)) }
        return .success(text)
    }
}
