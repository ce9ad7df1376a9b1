import Testing

@testable import AsyncHTTP

@Suite("Timers")
struct TimerDescriptorTests {
    @Test(
        "a timer rings at its moment, and at once when that has passed",
        arguments: [Duration.milliseconds(5), .seconds(-1)]
    )
    func rings(after delay: Duration) throws {
        let (moment, heard) = try withEventLoops { group in
            let moment = MonotonicInstant.now.advanced(by: delay)
            let timer = try LoopTimer(on: group.first, at: moment)
            return (moment, await timer.wait())
        }
        #expect(heard >= moment)
    }

    @Test("a moment before the clock began does not disarm it")
    func zero() throws {
        let heard = try withEventLoops { group in
            try await LoopTimer(on: group.first, at: MonotonicInstant(nanoseconds: .min)).wait()
        }
        #expect(heard > MonotonicInstant(nanoseconds: .min))
    }

    /// Lives on the loop, as channels do.
    private actor LoopTimer {
        private let loop: EventLoop
        private let channel: Channel

        init(on loop: EventLoop, at moment: MonotonicInstant) throws(SystemError) {
            self.loop = loop
            channel = try Channel(TimerDescriptor.open(), on: loop)
            TimerDescriptor.arm(channel.descriptor, at: moment)
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

        /// When it rang.
        func wait() async -> MonotonicInstant {
            channel.setDeadline(.now.advanced(by: .seconds(RawSocket.patience)))
            let wake = await channel.wait()
            defer { channel.close() }
            return wake == .ready ? .now : MonotonicInstant(nanoseconds: .min)
        }
    }
}
