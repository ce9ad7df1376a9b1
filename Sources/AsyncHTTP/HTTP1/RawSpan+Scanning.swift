/// Reading bytes, one or eight at a time.
///
/// The loads are marked unsafe because they reinterpret memory, not because they could leave it: `RawSpan` checks
/// the offsets, and any bits are an integer.
extension RawSpan {
    @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// For a loop that has checked its offsets before it began.
    @unsafe
    @inline(__always)
    func uncheckedWord(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The first offset whose byte is not a `token` byte (RFC 9110 section 5.6.2), or `end`.
    ///
    /// Eight letters and hyphens are passed in one step: names are made of little else.
    func endOfToken(from start: Int, to end: Int) -> Int {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        precondition(start >= 0 && end <= byteCount, "only what is there is scanned")
        var offset = start
        while offset &+ 8 <= end {
            let word = unsafe uncheckedWord(at: offset)
            let ascii = word & ~highBits
            let folded = ascii | 0x2020_2020_2020_2020
            let fromA = folded &+ 0x1F1F_1F1F_1F1F_1F1F
            let beyondZ = folded &+ 0x0505_0505_0505_0505
            let notHyphen = (ascii ^ 0x2D2D_2D2D_2D2D_2D2D) &+ 0x7F7F_7F7F_7F7F_7F7F
            let other = ~((fromA & ~beyondZ) | ~notHyphen) | word
            let stop = other & highBits
            guard stop != 0 else {
                offset &+= 8
                continue
            }
            offset &+= stop.trailingZeroBitCount &>> 3
            guard ByteSet.token.contains(byte(at: offset)) else { return offset }
            offset &+= 1
        }
        return self.end(of: .token, from: offset, to: end)
    }

    /// The first offset whose byte is not in the set, or `end`.
    func end(of set: ByteSet, from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= byteCount, "only what is there is scanned")
        var offset = start
        while offset < end, set.contains(unsafe unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)) {
            offset &+= 1
        }
        return offset
    }

    /// The first offset whose byte may not stand in a field value or a reason phrase, or `end`: this finds the CR and
    /// validates what precedes it in one pass (RFC 9110 section 5.5).
    ///
    /// A borrow can mark bytes wrongly only above a true hit, and the lowest mark is the one that counts.
    func endOfText(from start: Int, to end: Int) -> Int {
        precondition(start >= 0 && end <= byteCount, "only what is there is scanned")
        var offset = start
        while offset &+ 8 <= end {
            let word = unsafe uncheckedWord(at: offset)
            let control = (word &- 0x2020_2020_2020_2020) & ~word
            let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let marks = (control | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & 0x8080_8080_8080_8080
            guard marks != 0 else {
                offset &+= 8
                continue
            }
            offset &+= marks.trailingZeroBitCount &>> 3
            guard byte(at: offset) == .tab else { return offset }
            offset &+= 1
        }
        while offset < end, !byte(at: offset).isForbiddenInText { offset &+= 1 }
        return offset
    }

    /// Whether the bytes at `range` are `name`, which is given in lower case, in any case.
    func equals(_ name: StaticString, ignoringCaseAt range: Range<Int>) -> Bool {
        guard name.utf8CodeUnitCount == range.count else { return false }
        let name = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        for index in name.indices {
            guard unsafe byte(at: range.lowerBound &+ index).lowercased == name[index] else { return false }
        }
        return true
    }
}

extension RawSpan {
    /// A copy of the bytes of `range`.
    package func array(_ range: Range<Int>) -> [UInt8] {
        unsafe extracting(range).withUnsafeBytes { bytes in unsafe [UInt8](bytes) }
    }
}
