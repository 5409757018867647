import Foundation
import TerminalKit
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailUI

/// What a person feels of the explorer, measured on the real program in a terminal: how soon it is there, how soon a key
/// shows, how much it writes, what it uses when nothing happens.
struct ExplorerBenchmark {
    /// A folder with a catalog.
    let workspace: String
    let columns: Int
    let rows: Int
    /// Begins each line.
    let name: String

    private var program: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("topsail").path
    }

    func run(_ report: (String) -> Void) throws {
        report(line("first frame from process start", try firstFrames(), limit: 100))
        let terminal = try ExplorerInTerminal(program: program, workspace: workspace, columns: columns, rows: rows)
        defer { terminal.quit() }
        terminal.settle(.milliseconds(600))
        if let resident = terminal.resident {
            report(figure("resident memory before the model loads", resident, "MB", limit: 60))
        }
        if let before = terminal.ticks {
            Thread.sleep(forTimeInterval: 3)
            report(
                figure("processor time of 3 s idle", Double((terminal.ticks ?? before) - before) * 10, "ms", limit: 10))
        }
        let moves = keys(terminal, ["j", "k", "j", "j"], count: 200)
        report(line("key to frame, cursor moves", moves.latencies, limit: 16))
        let bytes = moves.bytes.sorted()[moves.bytes.count / 2]
        report(figure("bytes written a cursor move, with the neuron's page", Double(bytes), "B", limit: 1000))
        let paging = keys(terminal, ["\u{1B}[6~", "\u{1B}[6~", "\u{1B}[5~"], count: 60)
        report(line("key to frame, pages", paging.latencies, limit: 16))
    }

    private func firstFrames() throws -> [Double] {
        try (0..<9).map { _ in
            let terminal = try ExplorerInTerminal(program: program, workspace: workspace, columns: columns, rows: rows)
            let shown = terminal.wait { terminal.hasShown("Browse") }
            let milliseconds = shown.map { ($0 - terminal.started).milliseconds } ?? .infinity
            terminal.settle(.milliseconds(150))
            terminal.quit()
            return milliseconds
        }
    }

    /// Presses keys one by one and waits for what follows each.
    private func keys(
        _ terminal: ExplorerInTerminal, _ keys: [String], count: Int
    ) -> (latencies: [Double], bytes: [Int]) {
        let clock = ContinuousClock()
        var latencies: [Double] = []
        var written: [Int] = []
        for number in 0..<count {
            let before = terminal.bytes
            let pressed = clock.now
            terminal.press(keys[number % keys.count])
            if terminal.wait(until: { terminal.bytes > before }) != nil,
                let first = terminal.firstOutput(after: pressed)
            {
                latencies.append((first - pressed).milliseconds)
            }
            terminal.settle(.milliseconds(70), atMost: .seconds(2))
            written.append(terminal.bytes - before)
        }
        return (latencies, written)
    }

    // MARK: Lines

    /// Median and 99th percentile of milliseconds, the latter against its limit.
    private func line(_ what: String, _ samples: [Double], limit: Double) -> String {
        let measurement = Measurement(name: what, samples: samples.isEmpty ? [.infinity] : samples)
        return String(
            format: "%@ %7.2f ms median %7.2f ms p99   %5.2fx of %.0f ms", title(what) as NSString, measurement.median,
            measurement.quantile(0.99), measurement.quantile(0.99) / limit, limit)
    }

    private func figure(_ what: String, _ value: Double, _ unit: String, limit: Double) -> String {
        String(
            format: "%@ %7.1f %@   %5.2fx of %.0f %@", title(what) as NSString, value, unit as NSString, value / limit,
            limit, unit as NSString)
    }

    private func title(_ what: String) -> String {
        "\(name) \(what)".padding(toLength: 64, withPad: " ", startingAt: 0)
    }
}

/// How long the explorer's own work takes for a key, in this process: state, frame, nothing else.
struct FrameBenchmark {
    let library: any NeuronLibrary
    let live: any LiveService
    let size: Size

    /// Keys on all screens, while the model writes an answer if there is one.
    @MainActor
    func run(_ report: (String) -> Void) async throws {
        var answering: Task<Void, any Error>?
        if (try? await live.prepare()) != nil {
            let live = live
            answering = Task.detached {
                let request = LiveRequest(text: "Write a long story about a lighthouse.", usesChatTemplate: true)
                while !Task.isCancelled {
                    for try await _ in live.answer(to: request, options: AnswerOptions(maxTokens: 400)) {}
                }
            }
        }
        defer { answering?.cancel() }
        let sink = FrameRecorder()
        let state = ExplorerState(size: size, theme: Theme(.dark, depth: .indexed256))
        let runtime = ExplorerRuntime(
            state: state,
            services: ExplorerServices(library: library, live: NoModel(NoModel.Reason("none")), copy: { _ in "" }),
            sink: sink)
        runtime.begin()
        await runtime.settle()
        let clock = ContinuousClock()
        var samples: [Double] = []
        let chords = KeyChord.sequence("jjjjkkj<PgDn><PgDn><PgUp>ggGljjhS/ab<Esc>34jj2abc<Esc>1")!
        for round in 0..<40 {
            for chord in chords {
                var state = runtime.state
                samples.append(
                    clock.measure {
                        _ = Explorer.reduce(&state, .input(.key(chord)))
                        sink.show(Explorer.frame(of: state))
                    }.milliseconds)
                runtime.take(.input(.key(chord)))
                if round % 8 == 0 { await runtime.settle() }
            }
        }
        let measurement = Measurement(name: "", samples: samples)
        report(
            String(
                format: "%@ %7.2f ms median %7.2f ms p99   %5.2fx of 16 ms",
                "key and frame at \(size), \(answering == nil ? "no model" : "model answering")"
                    .padding(toLength: 64, withPad: " ", startingAt: 0) as NSString,
                measurement.median, measurement.quantile(0.99), measurement.quantile(0.99) / 16))
    }
}

/// Tokens as their numbers, for measurements that need no texts.
struct NumberedTokens: TokenTexts {
    func text(of id: TokenID) -> String { " \(id)" }
}
