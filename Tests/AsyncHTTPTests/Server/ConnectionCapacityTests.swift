import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: descriptors")
struct ConnectionCapacityTests {
    @Test(
        "connections leave descriptors to the rest of the process",
        arguments: [
            (20_000, 3, 8192, 64), (1024, 3, 893, 64), (1024, 100, 796, 64), (64, 3, 40, 5), (20, 3, 9, 1),
            (13, 3, 3, 0),
            (11, 3, 1, 0), (Int.max, 3, 8192, 64),
        ]
    )
    func capacity(descriptors: Int, taken: Int, connections: Int, rejections: Int) throws {
        let capacity = try ConnectionCapacity(ServerLimits(), descriptors: descriptors, taken: taken, open: 6)
        #expect(capacity.connections == connections)
        #expect(capacity.rejections == rejections)
    }

    @Test("where no connection fits, the error says how many descriptors are needed", arguments: [0, 4, 10])
    func none(descriptors: Int) throws {
        let error = #expect(throws: ListenError.self) {
            try ConnectionCapacity(ServerLimits(), descriptors: descriptors, taken: 3, open: 6)
        }
        #expect(error?.description.contains("is \(descriptors), and at least 11 are needed") == true)
    }

    @Test("a server without a descriptor for a connection does not start, and leaves no file")
    func refused() async {
        await #expect(processExitsWith: .success) {
            let path = "/tmp/capacity-\(UInt64.random(in: 0 ... .max)).sock"
            try withEventLoops { group in
                // Two more than are open now, whatever the test runner has just closed: too few by two, at least. (What counts
                // them is one of them.)
                let usual = try setDescriptorLimit(ThisProcess.settledDescriptors + 1)
                #expect(throws: ListenError.self) {
                    try HTTPServer(listeningOn: [.unix(path: path)], loops: [group.first]) { _, responder in
                        try await responder.send(.text("never"))
                    }
                }
                try setDescriptorLimit(usual)
            }
            #expect(unsafe access(path, F_OK) != 0)
        }
    }

    @Test("with few descriptors, one connection too many gets its 503 all the same")
    func few() async {
        await #expect(processExitsWith: .success) {
            let usual = try setDescriptorLimit(64)
            try withServer { server in
                try setDescriptorLimit(usual)
                let limit = try server.server.connectionLimit
                #expect((20..<64).contains(limit))
                let sockets = try (0..<limit).map { _ in try server.connect() }
                for socket in sockets { #expect(try socket.exchange(get("/")).status == 200) }
                #expect(try server.connect().readAnswer().status == 503)
            }
        }
    }

    @Test("the limit can be raised to what the process may have")
    func raised() async {
        await #expect(processExitsWith: .success) {
            let usual = try setDescriptorLimit(64)
            #expect(DescriptorLimit.current == 64)
            let raised = DescriptorLimit.raise()
            #expect(raised >= usual)
            #expect(DescriptorLimit.current == raised)
        }
    }
}

/// - Returns: what it was.
@discardableResult
func setDescriptorLimit(_ count: Int) throws -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { throw SystemError("getrlimit", errno: errno) }
    let usual = Int(clamping: limit.rlim_cur)
    limit.rlim_cur = rlim_t(count)
    guard unsafe setrlimit(resource, &limit) == 0 else { throw SystemError("setrlimit", errno: errno) }
    return usual
}
