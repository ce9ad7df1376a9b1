package import AsyncHTTP

/// How much one report may say.
package struct ReportLimits: Sendable {
    /// Of the whole body.
    package var body = ByteCount.mebibytes(1)
    /// Of all bodies that are on their way.
    package var bodies = ByteCount.mebibytes(32)
    /// Samples in one report, the rejected ones included.
    package var metrics = 1000
    /// Names of components, instances, metrics and labels, and a report's own name.
    package var name = ByteCount.bytes(255)
    /// A component's type, and units.
    package var word = ByteCount.bytes(50)
    package var help = ByteCount.kibibytes(1)
    package var labelValue = ByteCount.kibibytes(2)
    /// Of one sample.
    package var labels = 64
    /// Of all its labels, names and values.
    package var labelText = ByteCount.kibibytes(8)
    /// What `ttl_seconds` may ask for.
    package var ttl = Duration.seconds(1)...Duration.seconds(86_400)
    /// A time that is further ahead of the arrival is a clock that is wrong.
    package var ahead = Duration.seconds(300)

    package init() {}
}
