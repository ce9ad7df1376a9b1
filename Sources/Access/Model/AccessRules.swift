/// Who may.
package struct AccessRules: Sendable {
    package var users: [BasicUser] = []
    package var tokens: [BearerToken] = []
    /// Whether anybody may ask whether the program is well, and nothing more than that.
    package var opensHealth = false

    package init() {}

    /// Nobody has to say who they are.
    package var isEmpty: Bool { users.isEmpty && tokens.isEmpty }
}
