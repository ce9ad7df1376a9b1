/// What an authoriser spends on those whom it does not know yet.
package struct AuthoriserLimits: Sendable, Hashable {
    /// How many logins may wait for the one that is being checked; more get 429.
    package var waiting = 8
    /// How many logins that were right are remembered.
    package var remembered = 256

    package init() {}
}
