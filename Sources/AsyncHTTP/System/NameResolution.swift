import Glibc

/// Names to addresses. `getaddrinfo` blocks, for as long as a name server likes.
package enum NameResolution {
    package struct Failure: Error, Hashable {
        package let name: String
        package let reason: String
        /// This process had no descriptor or memory to ask with.
        var isExhaustion = false
    }

    package static func resolve(
        _ name: String,
        port: UInt16,
        forListening: Bool = false
    ) throws(Failure) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = forListening ? AI_PASSIVE : AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        guard code == 0 else {
            let cause = SystemError("getaddrinfo", errno: errno)
            let isExhaustion = code == EAI_MEMORY || code == EAI_SYSTEM && cause.isExhaustion
            throw Failure(name: name, reason: unsafe String(cString: gai_strerror(code)), isExhaustion: isExhaustion)
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            let bytes = unsafe UnsafeRawBufferPointer(
                start: entry.pointee.ai_addr,
                count: Int(entry.pointee.ai_addrlen)
            )
            let address = unsafe SocketAddress(family: entry.pointee.ai_family, bytes: Array(bytes)).with(port: port)
            if address.isInternet { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }
}
