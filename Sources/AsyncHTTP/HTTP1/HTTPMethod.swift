/// The methods that a request may name: those registered with IANA, and a few in wide use.
///
/// A closed set, because a method that nobody knows is answered 501 (RFC 9110 section 9.1), and because a routing
/// table can then be an array.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case connect = "CONNECT"
    case options = "OPTIONS"
    case trace = "TRACE"
    case patch = "PATCH"
    case acl = "ACL"
    case baselineControl = "BASELINE-CONTROL"
    case bind = "BIND"
    case checkin = "CHECKIN"
    case checkout = "CHECKOUT"
    case copy = "COPY"
    case label = "LABEL"
    case link = "LINK"
    case lock = "LOCK"
    case merge = "MERGE"
    case mkActivity = "MKACTIVITY"
    case mkCalendar = "MKCALENDAR"
    case mkCol = "MKCOL"
    case mkRedirectRef = "MKREDIRECTREF"
    case mkWorkspace = "MKWORKSPACE"
    case move = "MOVE"
    case mSearch = "M-SEARCH"
    case notify = "NOTIFY"
    case orderPatch = "ORDERPATCH"
    case pri = "PRI"
    case propFind = "PROPFIND"
    case propPatch = "PROPPATCH"
    case purge = "PURGE"
    case query = "QUERY"
    case rebind = "REBIND"
    case report = "REPORT"
    case search = "SEARCH"
    case subscribe = "SUBSCRIBE"
    case unbind = "UNBIND"
    case uncheckout = "UNCHECKOUT"
    case unlink = "UNLINK"
    case unlock = "UNLOCK"
    case unsubscribe = "UNSUBSCRIBE"
    case update = "UPDATE"
    case updateRedirectRef = "UPDATEREDIRECTREF"
    case versionControl = "VERSION-CONTROL"

    /// The method as it stands on the wire.
    public var name: String { rawValue }

    /// The length of `UPDATEREDIRECTREF`: a longer method is unknown before its end is seen.
    static let longestName = 17

    /// The method named by the bytes of `range`; methods are case-sensitive (RFC 9110 section 9.1).
    init?(_ bytes: RawSpan, _ range: Range<Int>) {
        switch range.count {
        case 3 where bytes.equalsGET(at: range.lowerBound): self = .get
        case ...Self.longestName:
            var name = ""
            for offset in range { name.unicodeScalars.append(Unicode.Scalar(bytes.byte(at: offset))) }
            self.init(rawValue: name)
        default: return nil
        }
    }
}

extension RawSpan {
    fileprivate func equalsGET(at offset: Int) -> Bool {
        byte(at: offset) == 0x47 && byte(at: offset &+ 1) == 0x45 && byte(at: offset &+ 2) == 0x54
    }
}
