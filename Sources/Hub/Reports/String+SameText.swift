import AsyncHTTP

extension String {
    /// By the bytes: strings are equal by what they look like, and what looks the same may be another text.
    func isSameText(as other: String) -> Bool { utf8.span.equals(other.utf8.span) }
}

extension Optional<String> {
    /// Nil is not the empty text.
    func isSameText(as other: String?) -> Bool {
        switch (self, other) {
        case (let one?, let two?): one.isSameText(as: two)
        case (nil, nil): true
        default: false
        }
    }
}
