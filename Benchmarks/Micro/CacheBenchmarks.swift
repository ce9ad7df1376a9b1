import Cache
import Synchronization

func cacheBenchmarks() -> [Benchmark] {
    let cell = SnapshotCell([UInt8](repeating: 1, count: 2500))
    let read: @Sendable (Int) -> Void = { count in for _ in 0..<count { blackHole(cell.read()) } }
    let readRemembering: @Sendable (Int) -> Void = { count in
        var reader = SnapshotCell.Reader(cell)
        for _ in 0..<count { blackHole(reader.read()) }
    }
    return [
        Benchmark("SnapshotCell read, alone", repeated: read),
        Benchmark("SnapshotCell read, per read of two threads") { onThreads(2, $0, read) },
        Benchmark("SnapshotCell.Reader read, alone", repeated: readRemembering),
        Benchmark("SnapshotCell.Reader read, per read of two threads") { onThreads(2, $0, readRemembering) },
        Benchmark("SnapshotCell read, while another thread publishes") { count in
            let isDone = Atomic(false)
            onThreads(2, 2) { _ in
                // Whoever comes second publishes until the first has read enough.
                if !isDone.exchange(true, ordering: .relaxed) { return read(count) }
                for _ in 0..<count / 100 { cell.publish([UInt8](repeating: 2, count: 2500)) }
            }
        },
        Benchmark("SnapshotCell publish", { cell.publish([]) }),
        Benchmark("Backoff wait") {
            var generator = SystemRandomNumberGenerator()
            blackHole(Backoff().wait(afterFailures: 6, using: &generator))
        },
    ]
}
