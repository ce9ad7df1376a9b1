package import Telemetry

/// Keeps the families as they were rendered last, and renders of a change only what has changed.
package struct LatestRenderer: Sendable {
    /// Lines that are compressed together at least: some 30 kilobytes, about as far as deflate looks back.
    private static let blockSize = 256

    private var families: [UInt64: RenderedFamily] = [:]
    /// By name.
    private var order: [UInt64] = []
    private var blocks: [RenderedBlock] = []

    package init() {}

    /// Renders what has changed since the last time.
    ///
    /// - Parameter own: the hub's own metrics, which come last.
    package mutating func render(_ latest: Latest, beside own: [MetricFamily] = []) -> LatestBodies {
        render(latest.changes(), beside: own)
    }

    mutating func render(_ changes: LatestChanges, beside own: [MetricFamily] = []) -> LatestBodies {
        let isOther = apply(changes)
        if isOther {
            order = families.keys.sorted { (families[$0]?.name ?? "") < (families[$1]?.name ?? "") }
            nameCounters()
        }
        if isOther || !changes.changed.isEmpty { makeBlocks() }
        return LatestBodies(blocks, own)
    }

    /// - Returns: whether a family has come or gone.
    private mutating func apply(_ changes: LatestChanges) -> Bool {
        var isOther = false
        for identifier in changes.removed where families.removeValue(forKey: identifier) != nil { isOther = true }
        for change in changes.changed {
            // Without a series there is nothing to say: its samples are on their way, or were.
            guard change.pageCount > 0 else {
                if families.removeValue(forKey: change.identifier) != nil { isOther = true }
                continue
            }
            if families[change.identifier] == nil { isOther = true }
            families[change.identifier, default: RenderedFamily(change.name, change.kind)].update(change)
        }
        return isOther
    }

    /// In OpenMetrics a counter `a_total` is called `a` and has `a_created`, too. Where others have these names, it keeps its own
    /// and is `unknown`: a reader would refuse the whole for one name that two families claim.
    private mutating func nameCounters() {
        let names = Set(families.values.map(\.name))
        for (identifier, family) in families {
            guard let base = family.counterBase.map(String.init) else { continue }
            let claimed = [base, base + "_created", base + "_created_total"]
            families[identifier]?.setUnknownInOpenMetrics(claimed.contains(where: names.contains))
        }
    }

    /// Blocks end at the same parts as long as no family changes its size, and those of the same parts are the same.
    private mutating func makeBlocks() {
        var known: [ObjectIdentifier: RenderedBlock] = [:]
        for block in blocks { if let first = block.parts.first { known[ObjectIdentifier(first)] = block } }
        var (made, parts, size): ([RenderedBlock], [RenderedPart], Int) = ([], [], 0)
        func close() {
            guard let first = parts.first else { return }
            if let block = known[ObjectIdentifier(first)], block.isMade(of: parts) {
                made.append(block)
            } else {
                made.append(RenderedBlock(parts))
            }
            (parts, size) = ([], 0)
        }
        for identifier in order {
            guard let family = families[identifier] else { continue }
            for part in [family.header] + family.pages {
                parts.append(part)
                size += part.lineCount
                if size >= Self.blockSize { close() }
            }
        }
        close()
        blocks = made
    }
}
