import Foundation
import Testing
import TopsailTestSupport

/// Runs `Docs/scaling/collect.sbatch` and `merge.sbatch` with daemons of Slurm that the test starts and ends.
@Suite(
    "On a Slurm cluster",
    .enabled(if: Slurm.isInstalled, "needs Debian's slurm-wlm and munge, and root"),
    .enabled(if: CollectSample.isThere, "needs the fixture gguf/llama-f32"))
struct SlurmTests {
    @Test("an array of shards and a dependent merge give the export of one pass, byte for byte")
    func array() throws {
        let sample = try CollectSample()
        let whole = try sample.onePass()
        let workspace = try sample.workspace("cluster")
        let parts = sample.program.folder.path("parts")
        let log = try Slurm.run(
            """
            cd "$LOGS"
            job=$(sbatch --parsable --array=1-4 "$SCRIPTS/collect.sbatch") || exit 1
            timeout 300 sbatch --wait --dependency=afterok:$job "$SCRIPTS/merge.sbatch" || exit 1
            scontrol --oneliner show job | sed 's/ UserId.* ExitCode/ ExitCode/'
            """,
            environment: [
                "TOPSAIL": Program.path, "TOPSAIL_HOME": workspace, "CORPUS": sample.corpus, "SAES": sample.sae,
                "PARTS": parts,
                "OPTIONS": "--model \(Fixtures.path(CollectSample.modelPath)) --hook resid_post.0",
                "LOGS": sample.program.folder.url.path,
            ])
        #expect(log.status == 0, "\(log.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: parts).count == 4)
        #expect(log.output.split(separator: "\n").count { $0.contains("ArrayTaskId=") } == 4, "\(log.output)")
        #expect(try sample.export(workspace) == whole)
    }
}

/// A Slurm of the test's own, as `Tests/Reference/slurm.sh` starts it.
private enum Slurm {
    static let isInstalled =
        getuid() == 0
        && ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"]
            .allSatisfy(FileManager.default.isExecutableFile)

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func run(_ script: String, environment: [String: String]) throws -> (status: Int32, output: String) {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = repository.appendingPathComponent("Tests/Reference/slurm.sh")
        process.arguments = [folder.url.path, "bash", "-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.merging(
            ["SCRIPTS": repository.appendingPathComponent("Docs/scaling").path]) { $1 }
        let output = try folder.file("output", [UInt8]())
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        // Threads of the test library block signals, children inherit that, and daemons would not hear when they are to end.
        var none = sigset_t()
        var blocked = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &blocked)
        defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8))
    }
}
