import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Server: descriptors")
struct ConnectionCapacityTests {
    @Test(
        "connections leave descriptors to the rest of the process",
        arguments: [
            (20_000, 3, 8192, 64), (1024, 3, 893, 64), (1024, 100, 796, 64), (64, 3, 40, 5), (10, 3, 5, 0),
            (4, 3, 1, 0), (0, 3, 1, 0), (Int.max, 3, 8192, 64),
        ]
    )
    func capacity(descriptors: Int, taken: Int, connections: Int, rejections: Int) {
        let capacity = ConnectionCapacity(ServerLimits(), descriptors: descriptors, taken: taken)
        #expect(capacity.connections == connections)
        #expect(capacity.rejections == rejections)
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
