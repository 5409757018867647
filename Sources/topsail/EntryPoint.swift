import ArgumentParser
import Foundation
import TopsailCore
import TopsailTensor

/// Runs a command and turns how it ends into an exit status: 0 done, 1 failed, 64 wrong usage, 130 interrupted.
@main
enum Main {
    static func main() async {
        BLASKernels.startAnewForUnknownCPU()
        // A limit on file sizes is to be an error with a sentence, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        do {
            checkCommandName()
            var command = try Topsail.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            try StandardOutput.finish()
        } catch {
            end(error)
        }
    }

    /// A mistyped command would otherwise be taken for an argument of the explorer, which is what runs without one.
    private static func checkCommandName() {
        guard let name = CommandLine.arguments.dropFirst().first, !name.hasPrefix("-") else { return }
        let known = Topsail.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !known.contains(name) else { return }
        StandardError.failure(
            "there is no command \(PrintableText.printable(name))", hint: "topsail --help lists the commands")
        exit(64)
    }

    private static func end(_ error: any Error) -> Never {
        switch error {
        case is CancellationError:
            StandardError.line("interrupted")
            exit(130)
        case let error as any UserFacingError:
            StandardError.failure(error.description, hint: error.hint)
            exit(1)
        default: break
        }
        switch Topsail.exitCode(for: error) {
        case .success: Topsail.exit(withError: error)
        case .validationFailure:
            let message = Topsail.fullMessage(for: error)
            StandardError.line(message.hasPrefix("Error: ") ? "error: " + message.dropFirst("Error: ".count) : message)
            exit(64)
        case let code where error is ExitCode: exit(code.rawValue)
        default:
            StandardError.failure(PrintableText.printable(error.localizedDescription), hint: nil)
            exit(1)
        }
    }
}
