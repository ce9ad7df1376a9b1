/// An answer, and where it comes from.
package struct HistoryPage: Sendable, Hashable {
    package let rows: [LogPage.Row]
    /// The cursor's text; nil at the end.
    package let next: String?
    /// Who has answered: `postgres`, or what the store is called.
    package let source: String
    /// Why the database has not answered though it should have, and what is missing therefore.
    package let notice: String?

    init(_ rows: [LogPage.Row], next: String?, source: String, notice: String? = nil) {
        self.rows = rows
        self.next = next
        self.source = source
        self.notice = notice
    }

    /// What a store has answered.
    package init(_ page: LogPage, from source: String, notice: String? = nil) {
        self.init(page.rows, next: page.next?.text, source: source, notice: notice)
    }
}
