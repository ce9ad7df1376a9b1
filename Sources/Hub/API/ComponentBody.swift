import AsyncHTTP
import JSON

/// A component as a body of JSON names it: those of this hub, and those that workers of its predecessor send.
struct ComponentBody: Sendable {
    static let limit = ByteCount.kibibytes(64)

    let component: Component

    /// - Parameter type: what it is if it does not say.
    init(_ bytes: [UInt8], type standard: String?, limits: ReportLimits = ReportLimits()) throws(ComponentProblem) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader().read(bytes)
        } catch {
            throw ComponentProblem(description: "not JSON: \(error)")
        }
        guard case .object = value else { throw ComponentProblem(description: "not a JSON object") }
        let name = try Self.text(value, ["component_name", "name"], limits.name)
        guard let name, !name.isEmpty else { throw ComponentProblem(description: "component_name is missing") }
        let type = try Self.text(value, ["component_type", "kind"], limits.word) ?? standard
        guard let type, !type.isEmpty else { throw ComponentProblem(description: "component_type is missing") }
        let instance = try Self.text(value, ["instance"], limits.name)
        component = Component(type: type, name: name, instance: instance.flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func text(
        _ value: JSONValue,
        _ names: [String],
        _ limit: ByteCount
    ) throws(ComponentProblem) -> String? {
        for name in names {
            switch value[name] {
            case nil, .null: continue
            case .string(let text):
                guard text.utf8.count <= limit.bytes else {
                    throw ComponentProblem(description: "\(name) is longer than \(limit.bytes) bytes")
                }
                guard !text.utf8.contains(0) else { throw ComponentProblem(description: "\(name) contains U+0000") }
                return text
            default: throw ComponentProblem(description: "\(name) is not a text")
            }
        }
        return nil
    }
}

/// Why a body names no component.
struct ComponentProblem: Error, CustomStringConvertible {
    let description: String
}
