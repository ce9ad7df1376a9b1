/// How much a `PipelineMeter` keeps, whatever it is told.
public struct PipelineMeterLimits: Sendable, Hashable {
    /// How many pipelines have series of their own. What is told of others goes to those of `pipeline_id="overflow"`.
    public var pipelines = 1000
    /// How many error codes of a pipeline have series of their own. Others go to `error_code="overflow"`.
    public var errorCodes = 50
    /// How long an id or an error code may be, in bytes of UTF-8. What is longer is cut there.
    public var textBytes = 128
    /// How far back the throughput looks.
    public var throughputWindow = Duration.seconds(10)

    /// The defaults; each field can be set.
    public init() {}
}
