/// How many connections a server may have open, so that the rest of the process still finds descriptors.
struct ConnectionCapacity: Hashable {
    let connections: Int
    let rejections: Int

    /// As it is said.
    init(connections: Int, rejections: Int) {
        self.connections = connections
        self.rejections = rejections
    }

    /// - Parameters:
    ///   - descriptors: how many the process may have.
    ///   - taken: how many of them the server has for its listeners and loops.
    ///   - open: how many the process has open, those included, as far as it was looked.
    /// - Throws: when there is none left for a connection: whoever listens all the same lets everybody wait for an answer.
    init(_ limits: ServerLimits, descriptors: Int, taken: Int, open: Int) throws(ListenError) {
        let least = max(open, taken) + limits.spareDescriptors
        guard descriptors > least else {
            throw ListenError(
                address: nil,
                reason:
                    "the limit of open files is \(descriptors), and at least \(least + 1) are needed (ulimit -n, LimitNOFILE=)",
                errno: nil
            )
        }
        // Where there are few, most of them are still for connections, and a few of those for telling the others.
        let reserved = max(min(limits.reservedDescriptors, descriptors / 4), least - taken)
        let free = descriptors - taken - reserved
        rejections = min(limits.rejectionsUnderWay, free / 8)
        connections = min(limits.connections, free - rejections)
    }
}
