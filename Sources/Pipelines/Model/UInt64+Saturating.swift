extension UInt64 {
    /// Adds, and stays the largest number rather than trap or begin at zero again.
    mutating func add(_ amount: UInt64) {
        let (sum, isOver) = addingReportingOverflow(amount)
        self = isOver ? .max : sum
    }
}
