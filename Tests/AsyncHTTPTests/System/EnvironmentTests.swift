import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Environment")
struct EnvironmentTests {
    @Test("a variable is split at its first equals sign, and may be empty")
    func variables() async {
        await #expect(processExitsWith: .success) {
            unsafe setenv("HTTP_TESTS_PAIRS", "a=b=c", 1)
            unsafe setenv("HTTP_TESTS_EMPTY", "", 1)
            unsafe unsetenv("HTTP_TESTS_GONE")
            let variables = Environment.variables
            #expect(variables["HTTP_TESTS_PAIRS"] == "a=b=c")
            #expect(variables["HTTP_TESTS_EMPTY"] == "")
            #expect(variables["HTTP_TESTS_GONE"] == nil)
        }
    }
}
