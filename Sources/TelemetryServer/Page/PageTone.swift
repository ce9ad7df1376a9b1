/// How good or bad something is, as a colour says it: a class of `PageStyle`.
package enum PageTone: String, Sendable, Hashable, CaseIterable {
    case none
    case good
    case warn
    case bad
}
