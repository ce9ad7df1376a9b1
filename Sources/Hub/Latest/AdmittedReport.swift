/// A report that has places for its samples: it is now to be made durable, and then applied.
package struct AdmittedReport: Sendable {
    /// Without the samples for which there was no place.
    package let report: Report
    /// Everything that was left out, in the order of what was sent.
    package let rejections: [Rejection]
    /// That of the component.
    package let runtimeID: Int64
    /// When its samples are no longer exported.
    let expiry: Int64
    let component: ComponentPlace
    let places: [Place]

    /// The place of the component.
    struct ComponentPlace: Sendable {
        let number: Int32
        let identifier: UInt64
    }

    /// The place of one sample.
    struct Place: Sendable {
        let number: Int32
        let generation: UInt32
    }
}
