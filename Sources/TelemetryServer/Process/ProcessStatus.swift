import AsyncHTTP

/// What `/proc/<pid>/stat` says about a process (proc(5)), in the kernel's units.
package struct ProcessStatus: Hashable {
    let userTicks: UInt64
    let systemTicks: UInt64
    package let threads: UInt64
    let startTicks: UInt64
    let virtualBytes: UInt64
    let residentPages: UInt64

    /// This process; nil where the kernel does not say.
    package static func own(directory: String = "/proc") -> ProcessStatus? {
        ProcFile.read(directory + "/self/stat").flatMap { ProcessStatus($0) }
    }

    package var residentBytes: Double { Double(residentPages) * ProcFile.pageSize }

    /// `nil` if the text is not what proc(5) says.
    ///
    /// The program's name is the second field, in parentheses, and may itself have spaces and parentheses in it: the
    /// fields are counted from the last closing one.
    package init?(_ text: [UInt8]) {
        guard let parenthesis = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(parenthesis + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        func field(_ number: Int) -> UInt64? {
            let index = number - 3  // The first field after the name is number 3.
            return fields.indices.contains(index) ? UInt64(decimal: fields[index]) : nil
        }
        guard
            let userTicks = field(14), let systemTicks = field(15), let threads = field(20),
            let startTicks = field(22),
            let virtualBytes = field(23), let residentPages = field(24)
        else { return nil }
        self.userTicks = userTicks
        self.systemTicks = systemTicks
        self.threads = threads
        self.startTicks = startTicks
        self.virtualBytes = virtualBytes
        self.residentPages = residentPages
    }

    /// When the machine was started, in seconds since 1970: the line `btime` of `/proc/stat`.
    static func bootTime(_ text: [UInt8]) -> UInt64? {
        let name = Array("btime ".utf8)
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: name) {
            return UInt64(decimal: line.dropFirst(name.count))
        }
        return nil
    }
}

extension UInt64 {
    /// A number of digits only; `nil` if there is anything else or too much.
    fileprivate init?(decimal digits: ArraySlice<UInt8>) {
        var number: UInt64 = 0
        for byte in digits {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            number = sum
        }
        guard !digits.isEmpty else { return nil }
        self = number
    }
}
