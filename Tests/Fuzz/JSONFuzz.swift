// Arbitrary bytes as an agent's answer: nothing may trap, and what is read must not depend on what else is asked for.
//
// Compiled together with the JSON reader of Exporter, as one module.

private let wanted = [["a"], ["a", "b"], ["c"], ["a", "d", "e"]]
private let all = JSONFields(wanted)
private let alone = wanted.map { JSONFields([$0]) }
private let none = JSONFields([])

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let values = try? all.read(bytes)
    guard ((try? none.read(bytes)) != nil) == (values != nil) else {
        fatalError("broken: what is JSON depends on what is asked for")
    }
    for (place, fields) in alone.enumerated() {
        guard let value = try? fields.read(bytes)[0] else { continue }
        guard value == values?[place] || value.isNaN else {
            fatalError("broken: \(value) is not \(String(describing: values))")
        }
    }
    return 0
}

extension JSONScalar {
    /// Numbers too long to have a value are not equal to themselves.
    fileprivate var isNaN: Bool {
        if case .number(let number) = self { number.value.isNaN } else { false }
    }
}
