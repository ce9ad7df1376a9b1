import Testing

/// Lets other tasks go until it is so; a minute is a failure.
func until(_ location: SourceLocation = #_sourceLocation, _ condition: () -> Bool) async {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(60))
    while !condition() {
        guard clock.now < end else {
            Issue.record("this has not come to pass", sourceLocation: location)
            return
        }
        try? await Task.sleep(for: .milliseconds(1))
    }
}
