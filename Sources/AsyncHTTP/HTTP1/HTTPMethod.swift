/// The methods that a request may name: those registered with IANA, and a few in wide use.
///
/// A closed set, because a method that nobody knows is answered 501 (RFC 9110 section 9.1), and because a routing
/// table can then be an array.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    /// Asks for a representation; the only method with `head` that every server has.
    case get = "GET"
    /// As `get`, without the body: the length is that of the answer to `get`.
    case head = "HEAD"
    /// Hands something over; not repeated by a client that lost the answer.
    case post = "POST"
    /// Replaces what is at the target.
    case put = "PUT"
    /// Removes what is at the target.
    case delete = "DELETE"
    /// Asks a proxy for a tunnel; its target is `host:port`.
    case connect = "CONNECT"
    /// Asks what is possible; with `*` of the server as a whole.
    case options = "OPTIONS"
    /// Asks for its own echo. Most servers refuse it, because the echo shows credentials.
    case trace = "TRACE"
    /// Changes part of what is at the target (RFC 5789).
    case patch = "PATCH"
    /// Sets who may do what (WebDAV, RFC 3744).
    case acl = "ACL"
    /// Puts a collection under baseline control (WebDAV versions, RFC 3253).
    case baselineControl = "BASELINE-CONTROL"
    /// Gives a resource another name (WebDAV, RFC 5842).
    case bind = "BIND"
    /// Ends the change of a version (WebDAV versions, RFC 3253).
    case checkin = "CHECKIN"
    /// Begins the change of a version (WebDAV versions, RFC 3253).
    case checkout = "CHECKOUT"
    /// Makes a copy at `Destination` (WebDAV, RFC 4918).
    case copy = "COPY"
    /// Names a version (WebDAV versions, RFC 3253).
    case label = "LABEL"
    /// Relates two resources (RFC 2068).
    case link = "LINK"
    /// Takes a lock on the target (WebDAV, RFC 4918).
    case lock = "LOCK"
    /// Brings versions together (WebDAV versions, RFC 3253).
    case merge = "MERGE"
    /// Makes an activity, a line of changes (WebDAV versions, RFC 3253).
    case mkActivity = "MKACTIVITY"
    /// Makes a calendar (CalDAV, RFC 4791).
    case mkCalendar = "MKCALENDAR"
    /// Makes a collection (WebDAV, RFC 4918).
    case mkCol = "MKCOL"
    /// Makes a resource that redirects (WebDAV, RFC 4437).
    case mkRedirectRef = "MKREDIRECTREF"
    /// Makes a workspace (WebDAV versions, RFC 3253).
    case mkWorkspace = "MKWORKSPACE"
    /// Moves the target to `Destination` (WebDAV, RFC 4918).
    case move = "MOVE"
    /// Looks for devices (UPnP); not registered, and seen on open ports.
    case mSearch = "M-SEARCH"
    /// Tells of an event (UPnP); not registered.
    case notify = "NOTIFY"
    /// Changes the order of a collection (WebDAV, RFC 3648).
    case orderPatch = "ORDERPATCH"
    /// The first word of HTTP/2: never a method of its own (RFC 9113 section 3.4).
    case pri = "PRI"
    /// Reads properties (WebDAV, RFC 4918).
    case propFind = "PROPFIND"
    /// Changes properties (WebDAV, RFC 4918).
    case propPatch = "PROPPATCH"
    /// Drops the target from a cache; not registered, and understood by proxies.
    case purge = "PURGE"
    /// As `get`, with a body that says what is wanted.
    case query = "QUERY"
    /// Moves a name to another collection (WebDAV, RFC 5842).
    case rebind = "REBIND"
    /// Asks for a report on the target (WebDAV versions, RFC 3253).
    case report = "REPORT"
    /// Asks with a query in the body (WebDAV, RFC 5323).
    case search = "SEARCH"
    /// Asks for events (UPnP); not registered.
    case subscribe = "SUBSCRIBE"
    /// Takes a name away (WebDAV, RFC 5842).
    case unbind = "UNBIND"
    /// Gives up the change of a version (WebDAV versions, RFC 3253).
    case uncheckout = "UNCHECKOUT"
    /// Takes back a `link` (RFC 2068).
    case unlink = "UNLINK"
    /// Gives a lock back (WebDAV, RFC 4918).
    case unlock = "UNLOCK"
    /// Ends a `subscribe` (UPnP); not registered.
    case unsubscribe = "UNSUBSCRIBE"
    /// Makes the target what it was in a version (WebDAV versions, RFC 3253).
    case update = "UPDATE"
    /// Changes where a resource redirects to (WebDAV, RFC 4437).
    case updateRedirectRef = "UPDATEREDIRECTREF"
    /// Puts the target under version control (WebDAV versions, RFC 3253).
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
