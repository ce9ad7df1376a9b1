import Glibc

@testable import AsyncHTTP
@testable import LoadTestKit

/// What a server does with each connection once a request has come.
enum Fault: Sendable {
    /// Sends that and waits for more.
    case says(String)
    case saysAndCloses(String)
    /// Sends that when the first bytes have come, and takes no more of them.
    case saysAndReadsNoMore(String)
    case resets
    case hangs
}

/// Loads a server that breaks the rules.
///
/// - Returns: besides, how many connections it has seen.
func loaded(
    _ settings: LoadSettings,
    inputs: LoadInputs = LoadInputs(),
    scheme: String = "http",
    _ fault: Fault
) throws -> (LoadReport, connections: Int) {
    try withEventLoops(count: 2) { group in
        guard let address = SocketAddress(literal: "127.0.0.1", port: 0) else { throw FaultyServer.NoAddress() }
        let listener = try Descriptor.listening(on: address, dualStack: false, sharing: .exclusive, backlog: 64)
        let port = listener.localAddress()?.port ?? 0
        let server = FaultyServer(fault, ListeningSocket(listener, isShared: false), on: group.loops[1])
        let plan = LoadPlan([try ClientURL("\(scheme)://127.0.0.1:\(port)/metrics")], settings)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask(executorPreference: group.loops[1].taskExecutor) { try await server.run() }
            let report = try await LoadRun(plan, inputs).run(on: [group.first])
            return (report, await server.close())
        }
    }
}

actor FaultyServer {
    struct NoAddress: Error {}

    private let fault: Fault
    private let socket: ListeningSocket
    private let loop: EventLoop
    private var channels: [Channel] = []

    init(_ fault: Fault, _ socket: ListeningSocket, on loop: EventLoop) {
        self.fault = fault
        self.socket = socket
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.unownedExecutor }

    func run() async throws {
        guard let descriptor = socket.take() else { return }
        let listener = try Channel(descriptor, on: loop)
        channels.append(listener)
        await withDiscardingTaskGroup { group in
            while !listener.isClosed {
                while let accepted = try? listener.accept() {
                    guard let channel = try? Channel(accepted, on: loop) else { continue }
                    channels.append(channel)
                    let index = channels.count - 1
                    group.addTask { await self.serve(index) }
                }
                _ = await listener.wait()
            }
        }
    }

    /// - Returns: how many connections there were.
    func close() -> Int {
        for channel in channels { channel.close() }
        return channels.count - 1
    }

    private func serve(_ index: Int) async {
        let channel = channels[index]
        while !channel.isClosed {
            guard await channel.wait() == .ready, case .bytes(let count) = channel.receive(), count > 0 else { break }
            switch fault {
            case .says(let text): _ = channel.send(Array(text.utf8), [], [], skipping: 0)
            case .saysAndCloses(let text):
                _ = channel.send(Array(text.utf8), [], [], skipping: 0)
                return channel.close()
            case .saysAndReadsNoMore(let text):
                _ = channel.send(Array(text.utf8), [], [], skipping: 0)
                while !channel.isClosed { _ = await channel.suspend() }
            case .resets:
                channel.descriptor.resetWhenClosed()
                return channel.close()
            case .hangs: continue
            }
        }
        channel.close()
    }
}
