/// What is asked of all that is kept, wherever it is.
package struct HistoryQuery: Sendable {
    /// With the cursor of an answer that the log alone has given.
    package var samples: LogQuery
    /// That of any other answer.
    package var cursor: HistoryCursor?

    package init(_ samples: LogQuery = LogQuery(), cursor: HistoryCursor? = nil) {
        self.samples = samples
        self.cursor = cursor
    }
}
