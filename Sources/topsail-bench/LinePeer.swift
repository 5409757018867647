import Foundation

/// Another program that answers each line with a line.
final class LinePeer {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var pending: [UInt8] = []

    /// Starts a script of `Tests/Reference` with `$TOPSAIL_BENCH_PYTHON`; `nil` when that names none.
    init?(script: String, arguments: [String]) {
        guard let python = ProcessInfo.processInfo.environment["TOPSAIL_BENCH_PYTHON"] else { return nil }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        process.executableURL = URL(filePath: python)
        process.arguments = [package.appending(path: "Tests/Reference/\(script)").path] + arguments
        process.standardInput = requests
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The answer to a request; `nil` when the process ended.
    func ask(_ request: String) -> String? {
        try? requests.fileHandleForWriting.write(contentsOf: Data("\(request)\n".utf8))
        return readLine()
    }

    func readLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: 10) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let data = answers.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            pending.append(contentsOf: data)
        }
    }
}
