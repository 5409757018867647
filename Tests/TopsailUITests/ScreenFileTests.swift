import Foundation
import Testing
import TopsailTestSupport
import TopsailUI

@Suite("The screen as a file") struct ScreenFileTests {
    @Test("nothing is overwritten, and a folder that takes no file is told")
    func writes() throws {
        let folder = try TemporaryFolder()
        let paths = try ["one", "two"].map { try ScreenFile.write($0, in: folder.url.path) }
        #expect(paths.map { ($0 as NSString).lastPathComponent } == ["topsail-screen.txt", "topsail-screen-2.txt"])
        #expect(try String(contentsOfFile: paths[0], encoding: .utf8) == "one\n")
        #expect(throws: ScreenFile.Unwritable(path: "/nowhere/topsail-screen.txt")) {
            try ScreenFile.write("three", in: "/nowhere")
        }
    }
}
