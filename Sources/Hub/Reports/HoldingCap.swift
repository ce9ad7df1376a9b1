package import AsyncHTTP

/// A limit of what is held: what is there already is all that may be.
package enum HoldingCap: Sendable, Hashable, CustomStringConvertible {
    case components(Int)
    case series(Int)
    case seriesOfComponent(Int)
    /// Of names and labels.
    case text(ByteCount)
    case textOfComponent(ByteCount)

    package var description: String {
        switch self {
        case .components(let limit):
            "the hub holds \(limit) components already: raise its limit, or wait until one is silent"
        case .series(let limit): "the hub holds \(limit) series already: raise its limit, or wait until some expire"
        case .seriesOfComponent(let limit): "a component has at most \(limit) series: are its labels unbounded?"
        case .text(let limit): "the hub holds \(limit.bytes) bytes of names and labels already: wait until some expire"
        case .textOfComponent(let limit):
            "a component has at most \(limit.bytes) bytes of names and labels: are its labels too long?"
        }
    }

    var code: RejectionCode {
        switch self {
        case .components: .components
        case .series: .series
        case .seriesOfComponent: .seriesOfComponent
        case .text: .bytes
        case .textOfComponent: .bytesOfComponent
        }
    }
}
