/// Arrays as the server reads them (section 8.15.2 of its manual), to send many values as one.
package enum ArrayText {
    package static func of(_ numbers: some Sequence<Int64>) -> String {
        "{\(numbers.map { String($0) }.joined(separator: ","))}"
    }

    /// Each in quotes, so that nothing in it means anything; nil is null.
    package static func of(_ texts: some Sequence<String?>) -> String {
        var array = "{"
        for text in texts {
            if array.utf8.count > 1 { array += "," }
            guard let text else {
                array += "NULL"
                continue
            }
            array += "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { array += "\\" }
                array.unicodeScalars.append(scalar)
            }
            array += "\""
        }
        return array + "}"
    }
}
