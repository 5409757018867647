import Foundation
import Synchronization
import TopsailModel

/// What is left of the speed when another program keeps one core busy; half is its fair share on two cores.
struct ContentionBenchmark {
    let model: LanguageModel

    private static let jobs: [ReadingJob] = [.prompt(256), .decode(after: 64, count: 32)]

    func run() throws -> [String] {
        let session = ModelSession(model, precision: .fast)
        let peer = LlamaCpp(model: model.path)
        return try Self.jobs.flatMap { job in
            let text = ReadingJob.text(job.length, for: model)
            var own: (quiet: [Double], busy: [Double]) = ([], []), other: (quiet: [Double], busy: [Double]) = ([], [])
            sink(try job.run(session, text))
            _ = peer?.run(job)
            for _ in 0..<5 {
                own.quiet.append(try job.run(session, text))
                if let time = peer?.run(job) { other.quiet.append(time) }
                let spinner = Spinner()
                own.busy.append(try job.run(session, text))
                if let time = peer?.run(job) { other.busy.append(time) }
                spinner.stop()
            }
            return [line("topsail", job, own)] + (other.busy.isEmpty ? [] : [line("llama.cpp", job, other)])
        }
    }

    private func line(_ who: String, _ job: ReadingJob, _ times: (quiet: [Double], busy: [Double])) -> String {
        func rate(_ samples: [Double]) -> Double {
            Double(job.tokens) / Measurement(name: "", samples: samples).median * 1000
        }
        let quiet = rate(times.quiet), busy = rate(times.busy)
        return String(
            format: "one core taken, %@ %@: %.1f of %.1f token/s, %.0f %% left", who, job.name, busy, quiet,
            100 * busy / quiet)
    }
}

/// A thread that does nothing, as fast as it can.
private final class Spinner: Sendable {
    private let isStopped = Atomic<Bool>(false)

    init() {
        let thread = Thread { [self] in while !isStopped.load(ordering: .relaxed) {} }
        thread.start()
        // Until the scheduler has found it a core.
        Thread.sleep(forTimeInterval: 0.05)
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
