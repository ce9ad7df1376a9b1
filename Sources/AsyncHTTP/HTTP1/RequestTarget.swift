/// What a request asks for, as it came: nothing is resolved or rewritten (RFC 9112 section 3.2).
///
/// Dot segments are ordinary segments, and a trailing slash makes a different path.
public struct RequestTarget: Sendable {
    /// The four ways to write a target (RFC 9112 section 3.2).
    public enum Form: Sendable, Hashable {
        /// `/metrics?x=1`
        case origin
        /// `http://host/metrics?x=1`, as sent to a proxy; a server must take it (RFC 9112 section 3.2.2)
        case absolute
        /// `host:443`, with CONNECT only
        case authority
        /// `*`, with OPTIONS only
        case asterisk
    }

    /// Where the parts lie in `bytes`.
    struct Layout: Sendable {
        var form = Form.origin
        var hasEscapes = false
        var hasQuery = false
        var start: UInt32 = 0
        var end: UInt32 = 0
        var authorityStart: UInt32 = 0
        var authorityEnd: UInt32 = 0
        var pathStart: UInt32 = 0
        var pathEnd: UInt32 = 0
    }

    let bytes: [UInt8]
    private let layout: Layout

    init(bytes: [UInt8], layout: Layout) {
        self.bytes = bytes
        self.layout = layout
    }

    /// A target given as text, judged as one that `method` carries in a request.
    public init(_ text: String, for method: HTTPMethod = .get) throws(RequestError) {
        let line = Array(text.utf8) + [.space]
        var scanner = TargetScanner()
        let end = unsafe try scanner.scan(line.span.bytes, from: 0, to: line.count, method: method)
        guard end == line.count - 1 else { throw .invalidTarget }
        self.init(bytes: line, layout: scanner.layout)
    }

    /// Which of the four forms it has, and so which of its parts are there.
    public var form: Form { layout.form }

    /// Whether the path holds a percent sign, so that `decodedPath` may differ from `path`.
    public var hasEscapes: Bool { layout.hasEscapes }

    /// The whole target.
    public var text: String { string(range) }

    /// The path without the query, escapes and all: `*` and `host:port` for the two forms without a path, and `/` for
    /// an absolute target that has none (RFC 9110 section 4.2.3).
    public var path: String {
        isImplicitRoot ? "/" : string(pathRange)
    }

    /// What follows the first question mark; nil if there is none.
    public var query: String? {
        layout.hasQuery ? string(queryRange) : nil
    }

    /// The `host[:port]` of an absolute or authority target.
    public var authority: String? {
        switch form {
        case .absolute, .authority: string(Int(layout.authorityStart)..<Int(layout.authorityEnd))
        case .origin, .asterisk: nil
        }
    }

    /// Whether the raw path is exactly `path`, compared in place.
    public func pathEquals(_ path: [UInt8]) -> Bool {
        withPath { span in
            guard span.count == path.count else { return false }
            for index in path.indices where span[index] != path[index] { return false }
            return true
        }
    }

    /// Whether the raw path is exactly `path`, compared in place.
    public func pathEquals(_ path: String) -> Bool {
        withPath { span in
            guard span.count == path.utf8.count else { return false }
            var index = 0
            for byte in path.utf8 {
                guard span[index] == byte else { return false }
                index &+= 1
            }
            return true
        }
    }

    /// Hands over the bytes of the raw path without making a string.
    public func withPath<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard !isImplicitRoot else {
            let root: [1 of UInt8] = [UInt8(ascii: "/")]
            return try body(root.span)
        }
        return try body(bytes.span.extracting(pathRange))
    }

    /// Hands over the bytes of the query without making a string; nil if there is none.
    public func withQuery<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard layout.hasQuery else { return nil }
        return try body(bytes.span.extracting(queryRange))
    }

    /// The bytes of `path`, escapes and all.
    var pathBytes: [UInt8] { isImplicitRoot ? [UInt8(ascii: "/")] : Array(bytes[pathRange]) }

    /// The bytes of `query`, escapes and all.
    var queryBytes: ArraySlice<UInt8>? { layout.hasQuery ? bytes[queryRange] : nil }

    private var isImplicitRoot: Bool { layout.form == .absolute && layout.pathStart == layout.pathEnd }

    private var range: Range<Int> { Int(layout.start)..<Int(layout.end) }
    private var pathRange: Range<Int> { Int(layout.pathStart)..<Int(layout.pathEnd) }
    private var queryRange: Range<Int> { (Int(layout.pathEnd) &+ 1)..<Int(layout.end) }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
