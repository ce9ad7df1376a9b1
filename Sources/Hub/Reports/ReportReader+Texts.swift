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

    /// Mutating only in name: what is not is handed a copy of all that has been read.
    mutating func text(at place: JSONPlace, _ field: String, _ limit: ByteCount) -> Result<String, RejectionReason> {
        let text = scanner.text(at: place)
        if let problem = Self.problem(of: text, at: place, field, limit) { return .failure(problem) }
        return .success(text ?? "")
    }

    /// What is wrong with a text; nil is none.
    static func problem(
        of text: String?,
        at place: JSONPlace,
        _ field: String,
        _ limit: ByteCount
    ) -> RejectionReason? {
        guard let text else { return .notText(field) }
        guard text.utf8.count <= limit.bytes else { return .tooLong(field, limit: limit.bytes) }
        // It cannot be in a JSON string but as an escape.
        return place.hasEscapes && text.utf8.contains(0) ? .nul(field) : nil
    }
}
