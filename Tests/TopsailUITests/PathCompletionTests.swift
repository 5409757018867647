import Foundation
import TerminalKit
import Testing
import TopsailUI

@Suite("Completion of paths") struct PathCompletionTests {
    /// A folder with files, which is taken away afterwards.
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "topsail-paths-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["audit", "audio 7", "audio 14", ".hidden"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        for name in ["pairs.jsonl", "plain", ".secret"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try body(folder)
    }

    @Test("one candidate is completed; folders end with a slash, and a slash goes into them")
    func single() throws {
        try inFolder { folder in
            let parent = (folder as NSString).deletingLastPathComponent
            let name = (folder as NSString).lastPathComponent
            #expect(PathCompletion("\(parent)/\(name.dropLast(3))").text == folder + "/")
            let file = PathCompletion(folder + "/pa")
            #expect(file.text == folder + "/pairs.jsonl")
            #expect(file.words == nil)
            #expect(PathCompletion(folder + "/audit").text == folder + "/audit/")
        }
    }

    @Test("several are completed as far as they agree and listed in natural order")
    func several() throws {
        try inFolder { folder in
            let completion = PathCompletion(folder + "/a")
            #expect(completion.text == folder + "/audi")
            #expect(completion.candidates == ["audio 7/", "audio 14/", "audit/"])
            #expect(completion.words == "audio 7/  audio 14/  audit/")
            for number in 0..<9 { try Data().write(to: URL(fileURLWithPath: "\(folder)/x\(number)")) }
            #expect(PathCompletion(folder + "/x").words == "x0  x1  x2  x3  x4  x5  and 3 more")
        }
    }

    @Test("hidden names come only after a dot")
    func hidden() throws {
        try inFolder { folder in
            #expect(!PathCompletion(folder + "/").candidates.contains(".secret"))
            #expect(PathCompletion(folder + "/.").candidates == [".hidden/", ".secret"])
        }
    }

    @Test("~ is the home folder and stays as it was typed")
    func home() throws {
        try inFolder { folder in
            #expect(PathCompletion("~", home: folder).text == "~/")
            #expect(PathCompletion("~/pa", home: folder).text == "~/pairs.jsonl")
        }
    }

    @Test("what nothing begins with stays and says so, and so does a folder that is not there")
    func nothing() throws {
        try inFolder { folder in
            let completion = PathCompletion(folder + "/no")
            #expect(completion.text == folder + "/no")
            #expect(completion.words == "nothing here begins with “\(folder)/no”")
            #expect(PathCompletion(folder + "/no/thing").candidates.isEmpty)
        }
    }

    @Test("Tab completes in the dialogs that take a path", arguments: ["4o", "3o", "2<Esc>O", "2<Esc>B"])
    @MainActor func dialogs(_ keys: String) async throws {
        let folder = NSTemporaryDirectory() + "topsail-dialog"
        try FileManager.default.createDirectory(atPath: folder + "/ab1", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder + "/ab2", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = await explore("\(keys)\(folder)/<Tab>")
        guard case .line(let dialog) = result.state.overlay else {
            Issue.record("the dialog is gone")
            return
        }
        #expect(dialog.editor.text == folder + "/ab")
        #expect(result.frame.plainText.contains("ab1/  ab2/"))
        #expect(result.frame.lines[23].contains("Tab complete"))
        // What is typed next takes the list away.
        #expect(await !explore("\(keys)\(folder)/<Tab>1").frame.plainText.contains("ab1/  ab2/"))
    }

    @Test("Tab on the file of an export completes it")
    @MainActor func export() async throws {
        let folder = NSTemporaryDirectory() + "topsail-export"
        try FileManager.default.createDirectory(atPath: folder + "/only", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let state = await explore("x<Tab><Ctrl-U>\(folder)/o<Tab>").state
        guard case .export(let dialog) = state.overlay else {
            Issue.record("the dialog is gone")
            return
        }
        #expect(dialog.path.text == folder + "/only/")
        #expect(dialog.field == .path)
    }
}
