import Foundation
import TopsailModel

/// Reading and writing beside llama.cpp on the same file with as many threads, in turns: exact, fast, peer, exact, fast, peer, …
struct PeerBenchmark {
    let model: LanguageModel

    /// Measures every job, and tells each line as soon as it is known: a peer on a busy machine can take minutes.
    func run(_ report: (String) -> Void) throws {
        let peer = LlamaCpp(model: model.path)
        report(
            peer.map { "peer      llama.cpp by llama-cpp-python \($0.version), on the same file" }
                ?? "peer      none: TOPSAIL_BENCH_PYTHON names no Python with llama-cpp-python")
        let sessions = Precision.allCases.map { ($0, ModelSession(model, precision: $0)) }
        for job in ReadingJob.all where job.length <= model.configuration.contextLength {
            let text = ReadingJob.text(job.length, for: model)
            var times: [[Double]] = Array(repeating: [], count: sessions.count)
            var peerTimes: [Double] = []
            for round in 0..<(job.tokens > 256 ? 4 : 8) {
                let values = try sessions.map { try job.run($0.1, text) }
                let other = peer?.run(job)
                // The first round warms caches and threads.
                guard round > 0 else { continue }
                for (index, value) in values.enumerated() { times[index].append(value) }
                if let other { peerTimes.append(other) }
            }
            for (index, session) in sessions.enumerated() {
                let own = Measurement(
                    name: "\(session.0) \(job.name)", samples: times[index],
                    work: (Double(job.tokens), "token"))
                var line = own.report
                if !peerTimes.isEmpty {
                    let other = Measurement(name: "", samples: peerTimes).median
                    line += String(
                        format: "   %.2fx llama.cpp (%.1f token/s)", other / own.median,
                        Double(job.tokens) / other * 1000)
                }
                report(line)
            }
        }
    }
}
