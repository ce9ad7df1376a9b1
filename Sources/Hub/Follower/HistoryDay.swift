import Service

/// A day of UTC, counted from 1970.
enum HistoryDay {
    /// As `2026-11-26`.
    static func date(_ day: Int64) -> String {
        String(WallClock.text(milliseconds: day &* 86_400_000).prefix(10))
    }
}
