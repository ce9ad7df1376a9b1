import AsyncHTTP
import Testing

@testable import LoadTestKit

@Suite("Pacer")
struct PacerTests {
    /// Those who wait, and who was let go, by number. It lives on the loop, as they do.
    private actor Crowd {
        private let loop: EventLoop
        private let pacer: Pacer
        private(set) var released: [Int] = []

        init(on loop: EventLoop) throws(SystemError) {
            self.loop = loop
            pacer = try Pacer(on: loop)
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        /// Waits with everybody at once, and runs the pacer until all are released.
        func wait(until moments: [MonotonicInstant], stopping: Bool) async -> [Bool] {
            await withTaskGroup(of: (Int, Bool)?.self) { group in
                for (number, due) in moments.enumerated() {
                    group.addTask { await (number, self.wait(number, until: due)) }
                }
                group.addTask {
                    await self.run()
                    return nil
                }
                if stopping {
                    group.addTask {
                        await self.stop()
                        return nil
                    }
                }
                var went = Array(repeating: false, count: moments.count)
                var left = moments.count
                for await case (let number, let goes)? in group {
                    went[number] = goes
                    left -= 1
                    if left == 0 { stop() }
                }
                return went
            }
        }

        private func wait(_ number: Int, until due: MonotonicInstant) async -> Bool {
            let goes = await pacer.wait(until: due, in: Waiter(on: loop))
            released.append(number)
            return goes
        }

        private func run() async { await pacer.run() }

        private func stop() { pacer.stop() }
    }

    @Test("who waits is let go at the earliest in its moment, and in the order of the moments")
    func order() throws {
        let (released, went) = try withEventLoops { group in
            let crowd = try Crowd(on: group.first)
            let start = MonotonicInstant.now
            let moments = [30, 10, 20, 5, 25].map { start.advanced(by: .milliseconds($0)) }
            let went = await crowd.wait(until: moments, stopping: false)
            #expect(MonotonicInstant.now >= moments[0])
            return (await crowd.released, went)
        }
        #expect(released == [3, 1, 2, 4, 0])
        #expect(went == Array(repeating: true, count: 5))
    }

    @Test("a pacer that is stopped lets everybody go, to do nothing")
    func stopped() throws {
        let (released, went) = try withEventLoops { group in
            let crowd = try Crowd(on: group.first)
            let later = MonotonicInstant.now.advanced(by: .seconds(3600))
            let went = await crowd.wait(until: [later, later, later], stopping: true)
            return (await crowd.released, went)
        }
        #expect(released.count == 3)
        #expect(went == [false, false, false])
    }
}
