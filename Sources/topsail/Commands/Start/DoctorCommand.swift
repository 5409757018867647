import ArgumentParser
import Foundation
import TerminalKit
import TopsailEngine

/// `topsail doctor`: what is installed, and whether it is whole.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the installation: processor, terminal, catalog, model, SAEs.",
        discussion:
            "Example: topsail doctor --json\nExit status 1 when something is broken; what is merely missing is 0.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let findings = Doctor(workspace: common.place, data: BundledData.locate()).examine() + [terminal, background]
        if common.json {
            let checks = findings.map { finding in
                JSONText.object([
                    "subject": finding.subject, "verdict": finding.verdict.rawValue, "detail": finding.detail,
                    "hint": finding.hint,
                ])
            }
            StandardOutput.line(JSONText.object(["workspace": common.place.root, "checks": checks]).line)
        } else {
            Columns.print(
                findings.map { finding in
                    [
                        finding.verdict.rawValue, finding.subject,
                        finding.detail + (finding.hint.map { " (\($0))" } ?? ""),
                    ]
                })
        }
        let broken = findings.filter { $0.verdict == .broken }.count
        guard broken == 0 else { throw CommandFailure("\(broken) of \(findings.count) checks found something broken") }
    }

    private var background: Doctor.Finding {
        if let theme = (try? SettingsPlace.load())?.theme {
            return .init(subject: "background", verdict: .fine, detail: "theme \(theme.rawValue), from the settings")
        }
        let guess = BackgroundGuess.ofEnvironment
        return .init(subject: "background", verdict: .fine, detail: "theme \(guess.theme.rawValue): \(guess.reason)")
    }

    private var terminal: Doctor.Finding {
        let environment = ProcessInfo.processInfo.environment
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
            detail: "\(name), \(extent), \(isUTF8 ? "UTF-8" : "no UTF-8: ASCII signs")")
    }
}
