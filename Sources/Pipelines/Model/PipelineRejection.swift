/// Why a command has changed nothing.
public enum PipelineRejection: Error, Sendable, Hashable {
    /// The pipeline is in a state in which this cannot be.
    case notPossible(PipelineCommand, in: PipelineState)
    /// A count, a duration or an offset is below zero.
    case negative(name: String, value: Int)
    /// A checkpoint never goes back: what is done with for good stays so.
    case checkpointBehind(offset: Int, current: Int)
    /// A text is longer than the log keeps.
    case textTooLong(name: String, bytes: Int, limit: Int)
}

extension PipelineRejection: CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public var description: String {
        switch self {
        case .notPossible(let command, let state):
            "\(command.name) is not possible while the pipeline is \(state.rawValue): "
                + "it has to be \(Self.list(command.changes.flatMap(\.origins)))"
        case .negative(let name, let value):
            "\(name) is \(value): give zero or more"
        case .checkpointBehind(let offset, let current):
            "the checkpoint is at \(current), and cannot go back to \(offset): give \(current) or more"
        case .textTooLong(let name, let bytes, let limit):
            "\(name) has \(bytes) bytes: give at most \(limit)"
        }
    }

    /// `a, b or c`.
    private static func list(_ states: [PipelineState]) -> String {
        let words = states.map(\.rawValue)
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
