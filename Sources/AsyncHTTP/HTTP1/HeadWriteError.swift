/// Why a head was not written: what was supplied would not become the message that was meant.
public enum HeadWriteError: Error, Sendable, Hashable {
    /// A field name that is empty or not a `token`.
    case fieldName
    /// A field value with CR, LF, NUL or another control character.
    case fieldValue
    /// A field that the library writes itself (`Content-Length`, `Transfer-Encoding`, `Connection`, `Date`, `Host`).
    case reservedField
    case reasonPhrase
    case statusCode
    /// A request target that no request may carry.
    case target
    case host
    case tooLarge
}
