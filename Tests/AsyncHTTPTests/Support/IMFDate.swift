import Glibc

/// A date as HTTP has it, read by other code than the library's.
struct IMFDate {
    /// In seconds.
    let sinceEpoch: Int64

    /// - Returns: nil unless it is a whole IMF-fixdate, of the right day of the week.
    init?(_ text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split { " ,:".contains($0) }
        guard words.count == 8, let month = months.firstIndex(of: String(words[2])) else { return nil }
        let numbers = [1, 3, 4, 5, 6].compactMap { Int32(words[$0]) }
        guard numbers.count == 5 else { return nil }
        var parts = unsafe tm()
        unsafe parts.tm_year = numbers[1] - 1900
        unsafe parts.tm_mon = Int32(month)
        unsafe parts.tm_mday = numbers[0]
        unsafe parts.tm_hour = numbers[2]
        unsafe parts.tm_min = numbers[3]
        unsafe parts.tm_sec = numbers[4]
        sinceEpoch = unsafe Int64(timegm(&parts))
        // The C library has to write the same moment in the same way.
        var again = [CChar](repeating: 0, count: 64)
        let length = unsafe strftime(&again, again.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        guard Array(text.utf8CString.dropLast()) == Array(again.prefix(length)) else { return nil }
    }

    /// How far it is from now, in seconds.
    var distance: Int64 { abs(sinceEpoch - Int64(time(nil))) }
}
