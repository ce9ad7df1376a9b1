/// Times are milliseconds since 1970.
extension Int64 {
    /// Milliseconds later; no later than there is.
    func advanced(by duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (milliseconds, isOver) = seconds.multipliedReportingOverflow(by: 1000)
        let (later, isLater) = addingReportingOverflow(milliseconds &+ attoseconds / 1_000_000_000_000_000)
        return isOver || isLater ? .max : later
    }
}
