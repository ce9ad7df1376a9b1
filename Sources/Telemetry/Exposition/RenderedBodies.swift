/// The metrics of one moment as bytes: whoever publishes them need not know how they are made.
package protocol RenderedBodies: Sendable {
    /// The body of one format and encoding: made, unless somebody has made it before.
    func representation(_ format: ExpositionFormat, _ encoding: ContentEncoding) -> RenderedMetrics.Body
}
