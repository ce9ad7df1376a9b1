import COpenSSL

/// The fixed-size extract of some bytes. Two are compared in a time that does not tell where they differ.
package struct Digest: Sendable, Hashable {
    /// 32 of them.
    package let bytes: [UInt8]

    /// - Parameter bytes: nil comes of a number of bytes other than 32.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// Reads 64 hexadecimal digits.
    package init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 2 * Self.size else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// SHA-256 (FIPS 180-4).
    package static func sha256(_ message: [UInt8]) -> Digest {
        unsafe made { place in
            unsafe message.withUnsafeBytes { message in
                unsafe SHA256(message.bindMemory(to: UInt8.self).baseAddress, message.count, place) != nil
            }
        }
    }

    /// HMAC-SHA-256 (RFC 2104): only who has the key can make it.
    package static func authenticating(_ message: [UInt8], with key: [UInt8]) -> Digest {
        unsafe made { place in
            unsafe key.withUnsafeBytes { key in
                unsafe message.withUnsafeBytes { message in
                    unsafe HMAC(
                        EVP_sha256(),
                        key.baseAddress,
                        Int32(clamping: key.count),
                        message.bindMemory(to: UInt8.self).baseAddress,
                        message.count,
                        place,
                        nil
                    ) != nil
                }
            }
        }
    }

    /// As lower-case hexadecimal digits.
    package var hexadecimal: String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(Self.digit(byte >> 4))
            text.append(Self.digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    package static func == (one: Digest, other: Digest) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(one.bytes, other.bytes) { difference |= left ^ right }
        return difference == 0
    }

    private static let size = 32
    /// The library does not take itself apart when the program ends: its other threads may still be at it.
    private static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1

    /// It fails only where there is no memory left, as any array would.
    private static func made(_ fill: (UnsafeMutablePointer<UInt8>?) -> Bool) -> Digest {
        let isReady = isReady
        var bytes = [UInt8](repeating: 0, count: size)
        let isMade = unsafe bytes.withUnsafeMutableBufferPointer { unsafe fill($0.baseAddress) }
        precondition(isReady && isMade, "there is no memory for a digest")
        return Digest(unchecked: bytes)
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func digit(_ value: UInt8) -> UInt8 { value &+ (value < 10 ? 0x30 : 0x57) }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
