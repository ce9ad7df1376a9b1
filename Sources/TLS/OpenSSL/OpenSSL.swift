import COpenSSL

/// The library itself: begun when it is first needed, and what it has to say of a failure.
enum OpenSSL {
    /// Without the machine's configuration file: what is offered is decided here. And without taking itself apart when the program
    /// ends, which other threads of the program would not survive.
    static let isReady: Bool =
        OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG) | UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

    /// What the calling thread's failures say, the one that came first first; then they are forgotten.
    static func takeErrors() -> String {
        var texts: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            let text = text(of: code)
            if texts.last != text { texts.append(text) }
        }
        return texts.prefix(3).joined(separator: ", ")
    }

    private static func text(of code: UInt) -> String {
        guard let reason = unsafe ERR_reason_error_string(code) else { return "error \(String(code, radix: 16))" }
        return unsafe String(cString: reason)
    }
}
