package import AsyncHTTP
import Synchronization
import Telemetry

/// Remembers which representation a pair of header values asks for: scrapers send the same ones again and again.
package final class NegotiationTable: Sendable {
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

    package init() {}

    package func representation(for fields: HeaderFields) -> Representation {
        let (accept, acceptEncoding) = (fields.occurrence(of: "Accept"), fields.occurrence(of: "Accept-Encoding"))
        // The array is copied as a reference, and searched after the lock is gone.
        let known = entries.withLock { $0 }
        for entry in known
        where fields.isValue(entry.accept, at: accept) && fields.isValue(entry.acceptEncoding, at: acceptEncoding) {
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

    /// Whether that is the value of the only field; an empty value stands for no field, too.
    fileprivate func isValue(_ value: [UInt8], at occurrence: Occurrence) -> Bool {
        switch occurrence {
        case .none: value.isEmpty
        case .once(let range): self.value(at: range, equals: value)
        case .several: false
        }
    }
}
