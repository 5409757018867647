import Foundation
import TopsailTensor

/// llama.cpp in a process of its own, through the Python package llama-cpp-python.
///
/// `$TOPSAIL_BENCH_PYTHON` names a Python that has the package; without it there is no peer to compare with.
final class LlamaCpp {
    private(set) var version = ""
    private let process: LinePeer

    /// Starts it on the same file with as many threads; `nil` when it is not installed or cannot read the file.
    init?(model: String) {
        guard model.hasSuffix(".gguf"),
            let process = LinePeer(script: "llama_cpp_bench.py", arguments: [model, "\(Parallel.threads)"]),
            let line = process.readLine(), line.hasPrefix("ready ")
        else { return nil }
        self.process = process
        version = String(line.dropFirst(6))
    }

    /// Milliseconds of the timed part; `nil` when the process ended.
    func run(_ job: ReadingJob) -> Double? { process.ask(job.request).flatMap(Double.init) }
}
