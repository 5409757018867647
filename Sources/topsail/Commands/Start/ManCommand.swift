import ArgumentParser

/// `topsail man`: the manual page.
struct ManCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man", abstract: "Print the manual page: every command, every key, every setting.",
        discussion: """
            Examples:
              topsail man | man -l -
              topsail man > ~/.local/share/man/man1/topsail.1
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let page = ManualPage(try HelpDump.read(Topsail.self), version: Topsail.configuration.version)
        StandardOutput.write(page.text)
    }
}
