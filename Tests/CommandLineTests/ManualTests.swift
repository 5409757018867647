import Foundation
import Testing

@Suite("Manual page and completions") struct ManualTests {
    /// What a reader sees, without the roff.
    private func read(_ page: String) -> String {
        page.replacing("\\-", with: "-").replacing("\\(dq", with: "\"").replacing("\\fB", with: "")
            .replacing("\\fI", with: "").replacing("\\fR", with: "")
    }

    @Test("the manual has every command, the options of each, and the keys of every pane")
    func contents() throws {
        let result = try Program().run("man")
        #expect(result.status == 0 && result.errors.isEmpty)
        let text = read(result.output)
        for command in HelpTests.commands {
            #expect(text.contains(".SS \"topsail \(command.joined(separator: " "))\""), "\(command)")
        }
        for words in ["--expansion", ".SS \"Browse: neurons\"", "Ctrl-L", "TOPSAIL_HOME", ".SH \"EXIT STATUS\""] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(text.components(separatedBy: "\n--workspace DIR\n").count == 2, "common options are told once")
    }

    @Test("a roff reader has nothing to complain about", .enabled(if: Self.hasGroff, "there is no groff"))
    func isRoff() throws {
        let program = try Program()
        let page = try program.run("man").output
        let file = try program.folder.file("topsail.1", Data(page.utf8))
        let result = try Self.shell("groff -Tutf8 -man -ww -z '\(file)' 2>&1")
        #expect(result.isEmpty, "\(result)")
    }

    @Test("completion scripts know every command", arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) throws {
        let result = try Program().run("--generate-completion-script", shell)
        #expect(result.status == 0 && result.errors.isEmpty)
        for command in HelpTests.commands { #expect(result.output.contains(command[0]), "\(command)") }
    }

    @Test("bash completes commands, options, the values of options, and files")
    func bash() throws {
        let program = try Program()
        let script = try program.run("--generate-completion-script", "bash").output
        let file = try program.folder.file("topsail.bash", Data(script.utf8))
        func completed(_ words: [String], after start: String = "") throws -> Set<String> {
            let line = words.map { "'\($0)'" }.joined(separator: " ")
            let text = try Self.shell(
                """
                \(start) source '\(file)'; COMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1)
                COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
                _topsail topsail "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """)
            return Set(text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
        }
        #expect(try completed(["topsail", "neu"]).isSuperset(of: ["neuron", "neurons"]))
        #expect(try completed(["topsail", "neurons", "--so"]).contains("--sort"))
        #expect(try completed(["topsail", "neurons", "--sort", ""]).isSuperset(of: ["score", "density", "max", "id"]))
        _ = try program.folder.file("weights.gguf", Data())
        let here = "cd '\(program.folder.url.path)';"
        #expect(try completed(["topsail", "tensors", "wei"], after: here).contains("weights.gguf"))
        #expect(try completed(["topsail", "encode", "--model", "wei"], after: here).contains("weights.gguf"))
    }

    private static let hasGroff = (try? shell("command -v groff"))?.isEmpty == false

    private static func shell(_ script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash", "-c", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
