/// What a pipeline can be doing. The words are those of the labels.
public enum PipelineState: String, Sendable, Hashable, CaseIterable {
    /// There is no such pipeline: it was not created yet, or it was deleted.
    case empty
    /// It was created, or reset, and has not been started since.
    case configured
    /// It takes batches.
    case running
    /// It takes none for now, and goes on where it was.
    case paused
    /// It was ended by somebody.
    case stopped
    /// It was ended by an error.
    case failed
}
