import AsyncHTTP

/// Which connection asks for which URL, and on which worker: both are dealt out in turn.
///
/// So each URL has connections of its own, and a schedule of its own: a server that stands still does not make another look
/// slow, as it would if the same connections went round all URLs.
struct Dealing: Sendable, Hashable {
    let connections: Int
    let workers: Int
    let urls: Int
    /// For each URL the workers with connections for it.
    private let serving: [[Int]]

    init(_ connections: Int, urls: Int = 1, workers: Int) {
        (self.connections, self.urls, self.workers) = (connections, urls, workers)
        var serving = [Set<Int>](repeating: [], count: urls)
        // What follows is the same again.
        for connection in 0..<min(connections, urls * workers) {
            serving[connection % urls].insert(connection % workers)
        }
        self.serving = serving.map { $0.sorted() }
    }

    /// The URL of each connection of a worker.
    func urls(of worker: Int) -> [Int] {
        stride(from: worker, to: connections, by: workers).map { $0 % urls }
    }

    /// When a worker's requests for a URL are due; nil when it has none. All those together are the whole rate, each URL having
    /// its moment in turn.
    func schedule(of worker: Int, url: Int, from start: MonotonicInstant, rate: RequestRate) -> RateSchedule? {
        guard let place = serving[url].firstIndex(of: worker) else { return nil }
        let (part, parts) = (place * urls + url, serving[url].count * urls)
        return RateSchedule(from: start, rate: rate, worker: part, of: parts)
    }
}
