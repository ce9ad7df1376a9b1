/// What a fuzzer makes of its bytes: three of them say how the rest is delivered and how tight the limits are.
struct FuzzInput {
    let bytes: [UInt8]
    let split: Int
    let hasTightLimits: Bool

    init?(_ data: UnsafePointer<UInt8>?, _ count: Int) {
        guard let data = unsafe data, count >= 3 else { return nil }
        let all = unsafe Array(UnsafeBufferPointer(start: data, count: count))
        bytes = Array(all.dropFirst(3))
        hasTightLimits = all[0] & 1 != 0
        split = (Int(all[1]) << 8 | Int(all[2])) % (bytes.count + 1)
    }

    /// How many bytes have come at each call: all at once, in two pieces, or one by one.
    var deliveries: [[Int]] {
        let two = [split, bytes.count].filter { $0 > 0 }
        return bytes.count <= 64 ? [[bytes.count], two, Array(1...max(1, bytes.count))] : [[bytes.count], two]
    }
}

/// Stops the fuzzer, which keeps the input.
func require(_ condition: Bool, _ promise: String) {
    guard condition else { fatalError("broken: \(promise)") }
}
