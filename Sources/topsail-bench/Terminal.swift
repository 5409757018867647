import Foundation

/// The explorer in a pseudo terminal of its own: keys in, bytes out, and what its process uses.
///
/// The terminal is made by `script` of util-linux, which copies its standard input to the terminal and what the terminal
/// shows to its standard output.
final class ExplorerInTerminal: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output: FileHandle
    private let lock = NSLock()
    private var received: [(instant: ContinuousClock.Instant, bytes: Int)] = []
    private var text = Data()
    let started: ContinuousClock.Instant
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - program: The path of `topsail`.
    ///   - workspace: Where its catalog is.
    init(program: String, arguments: [String] = [], workspace: String, columns: Int, rows: Int) throws {
        let outputPipe = Pipe()
        output = outputPipe.fileHandleForReading
        var environment = ProcessInfo.processInfo.environment
        environment["TERM"] = "xterm-256color"
        environment["LC_ALL"] = "C.UTF-8"
        environment["TOPSAIL_HOME"] = workspace
        for name in ["TMUX", "NO_COLOR", "ACCESSIBLE"] { environment[name] = nil }
        environment["XDG_STATE_HOME"] = NSTemporaryDirectory() + "topsail-bench-state"
        Self.skipTour(environment["XDG_STATE_HOME"]!)
        environment["XDG_CONFIG_HOME"] = NSTemporaryDirectory() + "topsail-bench-config"
        process.environment = environment
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let command = "stty cols \(columns) rows \(rows); exec '\(program)' \(arguments.joined(separator: " "))"
        process.arguments = ["script", "-qfec", command, "/dev/null"]
        process.standardInput = input
        process.standardOutput = outputPipe
        process.standardError = FileHandle.nullDevice
        started = clock.now
        try process.run()
        Thread.detachNewThread { [self] in
            while case let data = output.availableData, !data.isEmpty {
                let now = clock.now
                lock.withLock {
                    received.append((now, data.count))
                    if text.count < 1 << 20 { text += data }
                }
            }
        }
    }

    /// The tour is for people who begin.
    private static func skipTour(_ state: String) {
        try? FileManager.default.createDirectory(atPath: state + "/topsail", withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: state + "/topsail/tour.json", contents: Data("true".utf8))
    }

    var bytes: Int { lock.withLock { received.reduce(0) { $0 + $1.bytes } } }

    /// When the first bytes after an instant came.
    func firstOutput(after instant: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        lock.withLock { received.first { $0.instant > instant }?.instant }
    }

    func hasShown(_ words: String) -> Bool { lock.withLock { text.range(of: Data(words.utf8)) != nil } }

    func press(_ keys: String) { try? input.fileHandleForWriting.write(contentsOf: Data(keys.utf8)) }

    /// Waits until nothing has come for a while.
    func settle(_ quiet: Duration = .milliseconds(250), atMost: Duration = .seconds(20)) {
        let start = clock.now
        var last = bytes
        var since = clock.now
        while clock.now - start < atMost {
            Thread.sleep(forTimeInterval: 0.01)
            let now = bytes
            if now != last { (last, since) = (now, clock.now) }
            if clock.now - since >= quiet, now > 0 { return }
        }
    }

    /// Polls until a condition holds.
    ///
    /// - Returns: When it did, or `nil` after ten seconds.
    func wait(until condition: () -> Bool) -> ContinuousClock.Instant? {
        let start = clock.now
        while clock.now - start < .seconds(10) {
            if condition() { return clock.now }
            usleep(500)
        }
        return nil
    }

    /// The process id of the explorer itself, a child of `script`'s child or that child.
    lazy var explorer: Int32? = {
        func children(_ parent: Int32) -> [Int32] {
            let path = "/proc/\(parent)/task/\(parent)/children"
            let list = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return list.split(separator: " ").compactMap { Int32($0) }
        }
        var row = children(process.processIdentifier)
        while let first = row.first {
            let name = (try? String(contentsOfFile: "/proc/\(first)/comm", encoding: .utf8)) ?? ""
            if name.hasPrefix("topsail") { return first }
            row = children(first)
        }
        return nil
    }()

    /// Resident memory in megabytes.
    var resident: Double? {
        guard let explorer, let status = try? String(contentsOfFile: "/proc/\(explorer)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(separator: " ").compactMap({ Double($0) }).first
        else { return nil }
        return kilobytes / 1024
    }

    /// Milliseconds of processor time so far, of all threads.
    var processorTime: Double? {
        guard let explorer, let threads = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(explorer)/task")
        else { return nil }
        return threads.reduce(0) { total, thread in
            let path = "/proc/\(explorer)/task/\(thread)/schedstat"
            let nanoseconds = (try? String(contentsOfFile: path, encoding: .utf8))?.split(separator: " ").first
            return total + (nanoseconds.flatMap { Double($0) } ?? 0) / 1e6
        }
    }

    /// Ends the explorer and waits for it.
    func quit() {
        press("q")
        let start = clock.now
        while process.isRunning, clock.now - start < .seconds(5) { usleep(10_000) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}
