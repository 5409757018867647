import ArgumentParser
import Foundation
import TopsailEngine

/// `topsail doctor`: what is installed, and whether it is whole.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the installation: processor, terminal, catalog, model, SAEs.",
        discussion:
            "Example: topsail doctor --json\nExit status 1 when something is broken; what is merely missing is 0.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let findings =
            Doctor(workspace: common.place, data: BundledData.locate()).examine() + TerminalFindings().all
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
}
