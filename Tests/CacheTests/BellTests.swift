import Testing

@testable import Cache

@Suite("Bell")
struct BellTests {
    @Test("a ring that comes before the wait is kept, and further ones are harmless")
    func early() {
        let world = World()
        world.run {
            let bell = Bell()
            bell.ring()
            bell.ring()
            await bell.wait()
            bell.ring()
        }
        #expect(world.clock.now.offset == .zero)
    }

    @Test("the wait ends with the ring, or at its moment, whichever comes first", arguments: [(3, 3), (30, 10)])
    func whichever(ring: Int, end: Int) {
        let world = World()
        world.run {
            let bell = Bell()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await world.sleep(.seconds(ring))
                    bell.ring()
                }
                await bell.wait(until: .init(offset: .seconds(10)), clock: world.clock)
                #expect(world.clock.now.offset == .seconds(end))
                group.cancelAll()
            }
        }
    }

    @Test("cancelling the task that waits ends the wait")
    func cancelled() {
        let world = World()
        world.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await Bell().wait() }
                await world.sleep(.seconds(1))
                group.cancelAll()
            }
            #expect(world.clock.now.offset == .seconds(1))
        }
    }
}
