/// Arrays as the server reads them (section 8.15.2 of its manual), to send many values as one.
package enum ArrayText {
    package static func of(_ numbers: some Sequence<Int64>) -> String {
        var array = [UInt8(ascii: "{")]
        for number in numbers {
            if array.count > 1 { array.append(UInt8(ascii: ",")) }
            array.append(digits: number)
        }
        array.append(UInt8(ascii: "}"))
        return String(decoding: array, as: UTF8.self)
    }

    /// Each in quotes, so that nothing in it means anything; nil is null.
    package static func of(_ texts: some Sequence<String?>) -> String {
        var array = [UInt8(ascii: "{")]
        for text in texts {
            if array.count > 1 { array.append(UInt8(ascii: ",")) }
            guard let text else {
                array += "NULL".utf8
                continue
            }
            array.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { array.append(UInt8(ascii: "\\")) }
                array.append(byte)
            }
            array.append(UInt8(ascii: "\""))
        }
        array.append(UInt8(ascii: "}"))
        return String(decoding: array, as: UTF8.self)
    }
}
