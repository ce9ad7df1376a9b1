/// Why a head was not written: what was supplied would not become the message that was meant.
public enum HeadWriteError: Error, Sendable, Hashable {
    /// A field name that is empty or not a `token`.
    case fieldName
    /// A field value with CR, LF, NUL or another control character.
    case fieldValue
    /// A field that the library writes itself (`Content-Length`, `Transfer-Encoding`, `Connection`, `Date`, `Host`).
    case reservedField
    /// A reason phrase with CR, LF or another control character.
    case reasonPhrase
    /// A status code outside of 100...999.
    case statusCode
    /// A request target that no request may carry.
    case target(RequestError)
    /// A host that could not stand in `Host`.
    case host
    /// More than 1 GiB of fields.
    case tooLarge

    /// One line for the caller's developer.
    public var reason: String {
        switch self {
        case .fieldName: "a field name is empty or holds a character that is not allowed"
        case .fieldValue: "a field value holds a control character"
        case .reservedField: "a field is among those that the library writes itself"
        case .reasonPhrase: "the reason phrase holds a control character"
        case .statusCode: "the status code is not a number from 100 to 999"
        case .target(let error): error.reason
        case .host: "the host is not a name or an address"
        case .tooLarge: "the fields are too large"
        }
    }
}

extension HeadWriteError: CustomStringConvertible {
    /// The same as `reason`.
    public var description: String { reason }
}
