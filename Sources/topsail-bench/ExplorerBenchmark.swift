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
        let starts = try starts()
        report(line("first frame from process start", starts.map(\.frame), limit: 100))
        report(line("the first neuron's page on show", starts.map(\.page), limit: 250))
        let terminal = try ExplorerInTerminal(program: program, workspace: workspace, columns: columns, rows: rows)
        defer { terminal.quit() }
        terminal.settle(.milliseconds(600))
        if let resident = terminal.resident {
            report(figure("resident memory before the model loads", resident, "MB", limit: 60))
        }
        if let before = terminal.processorTime {
            Thread.sleep(forTimeInterval: 3)
            report(figure("processor time of 3 s idle", (terminal.processorTime ?? before) - before, "ms", limit: 1))
        }
        let moves = keys(terminal, ["j", "k", "j", "j"], count: 200)
        report(line("key to frame, cursor moves", moves.latencies, limit: 16))
        let bytes = moves.bytes.sorted()[moves.bytes.count / 2]
        report(figure("bytes written a cursor move, with the page after it", Double(bytes), "B", limit: 1000))
        report(figure("bytes written a cursor move, the key held down", held(terminal, moves: 60), "B", limit: 1000))
        terminal.press("z")
        terminal.settle()
        let lone = keys(terminal, ["j", "k", "j", "j"], count: 60).bytes.sorted()
        report(figure("bytes written a cursor move, in the list alone", Double(lone[lone.count / 2]), "B", limit: 1000))
        terminal.press("z")
        terminal.settle()
        let paging = keys(terminal, ["\u{1B}[6~", "\u{1B}[6~", "\u{1B}[5~"], count: 60)
        report(line("key to frame, pages", paging.latencies, limit: 16))
        guard !Workspace(root: workspace).models().isEmpty else { return }
        report(line("key to frame, cursor moves while the model answers", answering(terminal), limit: 16))
        if let resident = terminal.resident {
            report(figure("resident memory with the model", resident, "MB", limit: 400))
        }
    }

    /// Milliseconds from the start of the process to the first frame, and to all that Browse shows of a neuron.
    private func starts() throws -> [(frame: Double, page: Double)] {
        try (0..<9).map { _ in
            let terminal = try ExplorerInTerminal(program: program, workspace: workspace, columns: columns, rows: rows)
            func time(of words: String) -> Double {
                terminal.wait { terminal.hasShown(words) }.map { ($0 - terminal.started).milliseconds } ?? .infinity
            }
            let times = (time(of: "Browse"), time(of: "dens "))
            terminal.settle(.milliseconds(150))
            terminal.quit()
            return times
        }
    }

    /// Latencies of cursor moves in Browse, each within the second or so that an answer takes.
    private func answering(_ terminal: ExplorerInTerminal) -> [Double] {
        terminal.press("2")
        terminal.settle()
        terminal.press("Write a long story about a lighthouse and its keeper.")
        terminal.settle(.seconds(1))
        var latencies: [Double] = []
        for round in 0..<20 {
            terminal.press(round == 0 ? "\r" : "2\r")
            Thread.sleep(forTimeInterval: 0.05)
            terminal.press("1")
            terminal.settle(.milliseconds(70), atMost: .seconds(1))
            latencies += keys(terminal, ["j", "k", "j"], count: 6).latencies
        }
        return latencies
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

    /// Bytes a move while a key repeats as keyboards do, thirty times a second, the page at the end included.
    private func held(_ terminal: ExplorerInTerminal, moves: Int) -> Double {
        terminal.settle()
        let before = terminal.bytes
        for _ in 0..<moves {
            terminal.press("j")
            Thread.sleep(forTimeInterval: 1.0 / 30)
        }
        terminal.settle(.milliseconds(300), atMost: .seconds(2))
        return Double(terminal.bytes - before) / Double(moves)
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
    /// Begins the line.
    var name = ""

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
                "\(name)key and frame at \(size), \(answering == nil ? "no model" : "model answering")"
                    .padding(toLength: 64, withPad: " ", startingAt: 0) as NSString,
                measurement.median, measurement.quantile(0.99), measurement.quantile(0.99) / 16))
    }
}

/// Tokens as their numbers, for measurements that need no texts.
struct NumberedTokens: TokenTexts {
    func text(of id: TokenID) -> String { " \(id)" }
}
