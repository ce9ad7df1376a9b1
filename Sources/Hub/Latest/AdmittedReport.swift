/// A report that has places for its samples: it is now to be made durable, and then applied.
package struct AdmittedReport: Sendable {
    /// Without the samples for which there was no place.
    package let report: Report
    /// Everything that was left out, in the order of what was sent.
    package let rejections: [Rejection]
    let places: [Place]

    /// The place of one sample.
    struct Place: Sendable {
        let number: Int32
        let generation: UInt32
    }
}
