import AsyncHTTP
import Synchronization
import Telemetry

/// Remembers which representation a pair of header values asks for: scrapers send the same ones again and again.
final class NegotiationTable: Sendable {
    private struct Entry: Sendable {
        let accept: [UInt8]
        let acceptEncoding: [UInt8]
        let representation: Representation
    }

    /// A peer chooses the header values, so it must not choose how many are kept.
    private static let capacity = 16
    private static let longestValue = 1024

    private let entries = Mutex<[Entry]>([])

    /// How many pairs it remembers at this moment.
    var count: Int { entries.withLock { $0.count } }

    func representation(for fields: HeaderFields) -> Representation {
        // The array is copied as a reference, and searched after the lock is gone.
        let known = entries.withLock { $0 }
        for entry in known
        where fields.hasValue(entry.accept, of: "Accept")
            && fields.hasValue(entry.acceptEncoding, of: "Accept-Encoding")
        {
            return entry.representation
        }
        return negotiate(fields)
    }

    @inline(never)
    private func negotiate(_ fields: HeaderFields) -> Representation {
        let accept = fields.combined("Accept")
        let acceptEncoding = fields.combined("Accept-Encoding")
        let representation = Representation(
            .negotiate(accept: accept),
            .negotiate(acceptEncoding: acceptEncoding)
        )
        // What was sent in several fields would not be recognised again.
        let isSimple = fields.isSingle("Accept") && fields.isSingle("Accept-Encoding")
        guard isSimple, accept.utf8.count <= Self.longestValue, acceptEncoding.utf8.count <= Self.longestValue else {
            return representation
        }
        let entry = Entry(
            accept: Array(accept.utf8),
            acceptEncoding: Array(acceptEncoding.utf8),
            representation: representation
        )
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            entries.append(entry)
        }
        return representation
    }
}

extension HeaderFields {
    /// The values of all fields of a name as one list (RFC 9110 section 5.3).
    fileprivate func combined(_ name: String) -> String {
        values(for: name).joined(separator: ", ")
    }

    fileprivate func isSingle(_ name: String) -> Bool {
        count(of: name) < 2
    }

    /// Whether the only field of that name has that value; an empty value stands for no field, too.
    fileprivate func hasValue(_ value: [UInt8], of name: String) -> Bool {
        let isEqual = withValue(of: name) { span in
            unsafe span.bytes.isEqual(to: value.span.bytes)
        }
        return isEqual.map { $0 && isSingle(name) } ?? value.isEmpty
    }
}

extension RawSpan {
    /// Eight bytes at a time: an `Accept` has more than two hundred, and is compared for every scrape.
    fileprivate func isEqual(to other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var offset = 0
        while offset &+ 8 <= byteCount {
            let pair = unsafe (
                unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self),
                other.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            )
            guard pair.0 == pair.1 else { return false }
            offset &+= 8
        }
        while offset < byteCount {
            let pair = unsafe (
                unsafeLoad(fromByteOffset: offset, as: UInt8.self),
                other.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            )
            guard pair.0 == pair.1 else { return false }
            offset &+= 1
        }
        return true
    }
}
