package import AsyncHTTP

/// A limit that was met: what is there already, or what came, is all that may be.
package enum ReportCap: Sendable, Hashable, CustomStringConvertible {
    case body(ByteCount)
    case metrics(Int)
    case seriesOfComponent(Int)
    case components(Int)
    case series(Int)
    case text(ByteCount)
    case textOfComponent(ByteCount)

    package var description: String {
        switch self {
        case .body(let limit): "a report has at most \(limit.bytes) bytes: send it in parts"
        case .metrics(let limit): "a report has at most \(limit) metrics: send it in parts"
        case .seriesOfComponent(let limit): "a component has at most \(limit) series: are its labels unbounded?"
        case .components(let limit):
            "the hub holds \(limit) components already: raise its limit, or wait until one is silent"
        case .text(let limit): "the hub holds \(limit.bytes) bytes of names and labels already: wait until some expire"
        case .textOfComponent(let limit):
            "a component has at most \(limit.bytes) bytes of names and labels: are its labels too long?"
        case .series(let limit): "the hub holds \(limit) series already: raise its limit, or wait until some expire"
        }
    }

    static let codes = ["body", "metrics", "component_series", "components", "series", "bytes", "component_bytes"]

    /// Its name where it is counted.
    package var code: String {
        switch self {
        case .body: "body"
        case .metrics: "metrics"
        case .seriesOfComponent: "component_series"
        case .components: "components"
        case .series: "series"
        case .text: "bytes"
        case .textOfComponent: "component_bytes"
        }
    }
}
