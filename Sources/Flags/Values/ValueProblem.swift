/// What is wrong with the value of a flag or variable: what it is not, and what would be accepted.
package struct ValueProblem: Error, Hashable {
    package let expected: String

    package init(_ expected: String) {
        self.expected = expected
    }
}
