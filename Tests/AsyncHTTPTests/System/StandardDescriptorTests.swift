import Glibc
import Testing

@testable import AsyncHTTP

@Suite("Standard descriptors")
struct StandardDescriptorTests {
    @Test("a program that is started without standard descriptors gets them, and no other")
    func standardDescriptors() async {
        await #expect(processExitsWith: .success) {
            let before = ThisProcess.settledDescriptors
            let kept = (0...2).map { dup($0) }
            for raw: Int32 in 0...2 { close(raw) }
            openStandardDescriptors()
            openStandardDescriptors()
            let kinds = (0...2).map { raw in
                var information = stat()
                return unsafe fstat(Int32(raw), &information) == 0 ? information.st_mode & S_IFMT : 0
            }
            for raw: Int32 in 0...2 {
                dup2(kept[Int(raw)], raw)
                close(kept[Int(raw)])
            }
            #expect(kinds == [S_IFCHR, S_IFCHR, S_IFCHR])
            #expect(ThisProcess.settledDescriptors == before)
        }
    }
}
