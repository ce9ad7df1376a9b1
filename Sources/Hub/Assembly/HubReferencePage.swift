import Flags

/// `docs/hub-reference.md`: flags, endpoints and metrics as tables, from what the program itself uses.
enum HubReferencePage {
    static func text() throws -> String { "" }
}
