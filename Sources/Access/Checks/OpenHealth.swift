package import AsyncHTTP

/// What those are told of a program's health who have not said who they are.
package struct OpenHealth: Sendable {
    /// Where programs are asked how they are.
    package static let usualPaths = ["/healthz", "/readyz", "/-/healthy", "/-/ready"]

    private let paths: [String]
    private let answer: @Sendable (String) -> PreparedResponse

    /// - Parameter answer: the status of a path and nothing else, found and not made: it is asked on serving loops.
    package init(
        paths: [String] = usualPaths,
        answer: @escaping @Sendable (String) -> PreparedResponse
    ) {
        self.paths = paths
        self.answer = answer
    }

    /// Nil for anything but a look at one of the paths.
    func answer(_ head: RequestHead) -> PreparedResponse? {
        guard head.method == .get || head.method == .head else { return nil }
        return paths.first { head.target.pathEquals(Array($0.utf8)) }.map(answer)
    }
}
