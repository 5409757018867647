import Foundation
import TerminalCurses
import TerminalKit
import TopsailEngine

/// What `topsail doctor` says of the terminal.
struct TerminalFindings {
    var environment = ProcessInfo.processInfo.environment

    var all: [Doctor.Finding] { [terminal, background] + (tmux.map { [$0] } ?? []) }

    private var terminal: Doctor.Finding {
        let name = environment["TERM"] ?? ""
        guard isatty(STDIN_FILENO) != 0, StandardOutput.isTerminal else {
            return .init(subject: "terminal", verdict: .missing, detail: "this is not run in a terminal")
        }
        guard !name.isEmpty, name != "dumb" else {
            return .init(
                subject: "terminal", verdict: .broken, detail: "TERM is \(name.isEmpty ? "not set" : name)",
                hint: "set TERM to what the terminal is, for example TERM=xterm-256color")
        }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        let extent = isKnown ? "\(size.ws_col)x\(size.ws_row)" : "size unknown"
        let isUTF8 = String(cString: setlocale(LC_CTYPE, "")).uppercased().contains("UTF-8")
        return .init(
            subject: "terminal", verdict: .fine,
            detail: "\(name), \(extent), \(colors(term: name)), \(isUTF8 ? "UTF-8" : "no UTF-8: ASCII signs")")
    }

    private func colors(term: String) -> String {
        let choice = (try? SettingsPlace.load())?.color.flatMap { ColorDepth(name: $0) }
        let known = TerminfoDatabase(environment: environment).entry(of: term)?.colors
        switch ColorDepth.detect(choice: choice, environment: environment, terminfoColors: known) {
        case .mono: return "no colours"
        case .sixteen: return "16 colours"
        case .indexed256: return "256 colours"
        case .truecolor: return "24-bit colours"
        }
    }

    private var background: Doctor.Finding {
        if let theme = (try? SettingsPlace.load())?.theme {
            return .init(subject: "background", verdict: .fine, detail: "theme \(theme.rawValue), from the settings")
        }
        let guess = BackgroundGuess.ofEnvironment
        return .init(subject: "background", verdict: .fine, detail: "theme \(guess.theme.rawValue): \(guess.reason)")
    }

    /// Options of tmux that stand in the way, with the lines that change them; `nil` outside of tmux.
    private var tmux: Doctor.Finding? {
        guard environment["TMUX"] != nil, let options = tmuxOptions() else { return nil }
        var found: [String] = [], lines: [String] = []
        // So long tmux waits after Esc for the rest of a key.
        if let delay = options["escape-time"].flatMap({ Int($0) }) {
            found.append("escape-time \(delay)")
            if delay > 50 { lines.append("set -s escape-time 10") }
        }
        if let clipboard = options["set-clipboard"] {
            found.append("set-clipboard \(clipboard)")
            if clipboard == "off" { lines.append("set -s set-clipboard on") }
        }
        return .init(
            subject: "tmux", verdict: .fine, detail: found.joined(separator: ", "),
            hint: lines.isEmpty ? nil : "better in ~/.tmux.conf: " + lines.joined(separator: "; "))
    }

    private func tmuxOptions() -> [String: String]? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tmux", "show-options", "-s"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let words = line.split(separator: " ", maxSplits: 1)
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }
}
