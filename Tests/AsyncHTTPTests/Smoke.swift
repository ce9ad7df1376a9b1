import AsyncHTTP
import Testing

@Test("the two versions differ")
func versions() {
    #expect(HTTPVersion.http10 != HTTPVersion.http11)
}
