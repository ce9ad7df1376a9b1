// Arbitrary bytes as a configuration file: nothing may trap, and no tree may be larger than the limits say.
//
// Compiled together with the reader, as one module.

private let limits = {
    var limits = YAMLLimits()
    limits.nodes = 100
    limits.depth = 8
    return limits
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let root = try? YAMLDocument.read(bytes, limits: limits).root else { return 0 }
    let (nodes, depth) = measured(root)
    guard nodes <= limits.nodes, depth <= limits.depth else { fatalError("broken: \(nodes) nodes, \(depth) floors") }
    return 0
}

/// How many values there are, keys left out, and how deep they are nested.
private func measured(_ node: YAMLNode) -> (nodes: Int, depth: Int) {
    let inner: [YAMLNode]
    switch node.content {
    case .scalar(let scalar):
        _ = (scalar.boolean, scalar.integer, scalar.isNull)
        return (1, 0)
    case .sequence(let nodes): inner = nodes
    case .mapping(let mapping): inner = mapping.entries.map(\.value)
    }
    return inner.map(measured).reduce((1, 1)) { ($0.0 + $1.nodes, max($0.1, $1.depth + 1)) }
}
