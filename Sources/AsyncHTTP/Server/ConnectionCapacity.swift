/// How many connections a server may have open, so that the rest of the process still finds descriptors.
struct ConnectionCapacity: Hashable {
    let connections: Int
    let rejections: Int

    /// - Parameters:
    ///   - descriptors: how many the process may have.
    ///   - taken: how many of them the server has for its listeners and loops.
    init(_ limits: ServerLimits, descriptors: Int, taken: Int) {
        // Where there are few, most of them are still for connections, and a few of those for telling the others.
        let reserved = min(limits.reservedDescriptors, descriptors / 4)
        let free = max(0, descriptors - taken - reserved)
        rejections = min(limits.rejectionsUnderWay, free / 8)
        connections = min(limits.connections, max(1, free - rejections))
    }
}
