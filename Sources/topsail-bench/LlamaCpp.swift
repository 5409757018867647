import Foundation
import TopsailTensor

/// llama.cpp in a process of its own, through the Python package llama-cpp-python.
///
/// `$TOPSAIL_BENCH_PYTHON` names a Python that has the package; without it there is no peer to compare with.
final class LlamaCpp {
    private(set) var version = ""
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var pending: [UInt8] = []

    /// Starts it on the same file with as many threads; `nil` when it is not installed or cannot read the file.
    init?(model: String) {
        guard let python = ProcessInfo.processInfo.environment["TOPSAIL_BENCH_PYTHON"], model.hasSuffix(".gguf") else {
            return nil
        }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        process.executableURL = URL(filePath: python)
        process.arguments = [
            package.appending(path: "Tests/Reference/llama_cpp_bench.py").path, model, "\(Parallel.threads)",
        ]
        process.standardInput = requests
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let line = readLine(), line.hasPrefix("ready ") else { return nil }
        version = String(line.dropFirst(6))
    }

    deinit {
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Milliseconds of the timed part; `nil` when the process ended.
    func run(_ job: ReadingJob) -> Double? {
        try? requests.fileHandleForWriting.write(contentsOf: Data("\(job.request)\n".utf8))
        return readLine().flatMap(Double.init)
    }

    private func readLine() -> String? {
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
