import Testing

/// Lets other tasks go until it is so; a minute is a failure.
func until(_ location: SourceLocation = #_sourceLocation, _ condition: () -> Bool) async {
    let clock = ContinuousClock()
    // What it waits for may be behind all other tests, which begin together: those take more than a minute on two processors.
    let end = clock.now.advanced(by: .seconds(240))
    while !condition() {
        guard clock.now < end else {
            Issue.record("this has not come to pass", sourceLocation: location)
            return
        }
        try? await Task.sleep(for: .milliseconds(1))
    }
}
