extension JSONValue {
    /// On one line, without spaces.
    package var text: String {
        var text = ""
        append(to: &text)
        return text
    }

    /// Recurses as deep as the value is, which is made here or was read with a limit.
    private func append(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let value): text += JSONText.number(value)
        case .string(let value): text += JSONText.quoted(value)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.append(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                text += JSONText.quoted(member.name) + ":"
                member.value.append(to: &text)
            }
            text += "}"
        }
    }
}
