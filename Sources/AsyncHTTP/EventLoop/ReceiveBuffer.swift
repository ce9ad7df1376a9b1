/// Where all streams of a loop receive: what is in it is valid until the next one receives.
///
/// Memory of its own instead of an array: an array's owner would have to make sure, at each access, that nobody else is at it.
/// Safe because the memory lives as long as this, all of it is initialised, and who reads gets a span of what was asked for.
@safe final class ReceiveBuffer {
    private let memory: UnsafeMutableRawBufferPointer

    init(_ size: ByteCount) {
        unsafe memory = .allocate(byteCount: max(1, size.bytes), alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe memory.deallocate()
    }

    var count: Int { unsafe memory.count }

    /// Hands over the first `count` bytes.
    @inline(__always)
    func withBytes<Result, Failure: Error>(
        _ count: Int,
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: memory[..<count])))
    }

    /// Hands over the first `count` bytes, to be written.
    func withMemory<Result>(_ count: Int, _ body: (inout MutableRawSpan) -> Result) -> Result {
        var span = unsafe MutableRawSpan(_unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
        return body(&span)
    }

    /// - Parameter raw: the descriptor, by its number: who receives often reads it once.
    func receive(from raw: Int32, limit: Int) -> Transfer {
        unsafe Descriptor.receive(raw, into: memory, limit: limit)
    }

    /// For a stream that has no descriptor.
    func fill(with bytes: [UInt8]) {
        unsafe memory.copyBytes(from: bytes.prefix(memory.count))
    }
}
