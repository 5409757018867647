import ArgumentParser
import Foundation
import TerminalKit
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailUI

/// `topsail` by itself: the explorer.
struct ExploreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore", abstract: "Open the explorer (what topsail does without a command).",
        discussion: """
            Example: topsail --theme light
            Without a terminal it prints what the workspace holds and how to open it.
            """)

    @OptionGroup var common: CommonOptions
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's model).", completion: .file())
    var model: String?
    @Option(
        name: .customLong("sae"), parsing: .upToNextOption,
        help: "SAEs to read with live (default: the workspace's set).", completion: .file())
    var saes: [String] = []
    @Option(help: "dark, light, mono or high-contrast (default: what is set, else by COLORFGBG, else dark).") var theme:
        Theme.Name?
    @Option(
        help: ArgumentHelp("auto, never, 16, 256 or truecolor (default: what is set, else auto).", valueName: "depth"))
    var color: String?
    @Flag(help: "Draw with ASCII signs only.") var ascii = false
    @Flag(help: "Open the live screen first.") var live = false
    @Flag(help: "Begin with the tour, which begins by itself the first time.") var tour = false
    @Flag(help: "Lines and numbered choices instead of a screen; also ACCESSIBLE=1.") var accessible = false
    @Option(
        help: ArgumentHelp(
            "Feed these keys, or those of @FILE, without a terminal and print the last screen.", visibility: .hidden))
    var keys: String?
    @Option(help: ArgumentHelp("Size of that screen, e.g. 80x24.", visibility: .hidden)) var size = "80x24"

    func validate() throws {
        guard let color, color != "auto", ColorDepth(name: color) == nil else { return }
        throw ValidationError("--color takes auto, never, 16, 256 or truecolor, not \(color)")
    }

    func run() async throws {
        let workspace = common.place
        let settings = try SettingsPlace.load()
        if let keys { return try await replay(keys, in: workspace, settings) }
        if accessible || settings.accessible == true || ProcessInfo.processInfo.environment["ACCESSIBLE"] == "1" {
            let services = try services(in: workspace, copy: { try await Clipboard.copy($0) })
            return try await AccessibleExplorer(services: services).run()
        }
        guard isatty(STDIN_FILENO) != 0, StandardOutput.isTerminal else {
            return try WorkspaceOverview(workspace).print(json: common.json)
        }
        var services = try services(in: workspace, copy: { try await Clipboard.copy($0) })
        services.rememberSession()
        try await ExplorerScreen(
            theme: theme ?? settings.theme ?? BackgroundGuess.ofEnvironment.theme,
            depth: ColorDepth(name: color ?? settings.color ?? "auto"),
            isASCII: ascii || settings.ascii == true, startsLive: live, startsTour: tour, settings: settings,
            services: services
        ).run()
    }

    /// Catalog, model and what else the explorer works with. The model is opened when it is first needed.
    private func services(
        in workspace: Workspace, copy: @escaping @Sendable (String) async throws -> String
    ) throws -> ExplorerServices {
        let catalog = try workspace.openCatalog()
        let service: any LiveService
        do {
            service = LiveSession(
                try workspace.liveSources(model: model, saes: saes, catalog: catalog), catalog: catalog)
        } catch let error as WorkspaceError where error.isAboutLanguage {
            service = NoLanguageModel(error)
        } catch let error as any UserFacingError {
            // Browsing needs no model.
            service = NoModel(error)
        }
        let texts = LazyTokenTexts(model: model, workspace: workspace)
        let experiments = ExperimentSession(
            ExperimentSources(workspace: workspace, model: model, saes: saes), catalog: catalog)
        return ExplorerServices(
            library: CatalogLibrary(
                catalog, texts: texts, modelNames: (try? workspace.modelNames(in: catalog)) ?? [:]), live: service,
            contrast: experiments,
            checkpoints: experiments, copy: copy)
    }

    private func replay(_ text: String, in workspace: Workspace, _ settings: ExplorerSettings) async throws {
        let keys =
            text.hasPrefix("@")
            ? try InputText.file(String(text.dropFirst())).filter { !$0.isNewline } : text
        guard let chords = KeyChord.sequence(keys) else { throw ValidationError("--keys cannot be read: \(keys)") }
        let parts = size.split(separator: "x").compactMap { Int($0) }
        guard parts.count == 2, parts.allSatisfy({ (1...1000).contains($0) }) else {
            throw ValidationError("--size looks like 80x24, not \(size)")
        }
        var state = ExplorerState(
            size: Size(width: parts[0], height: parts[1]),
            theme: Theme(
                theme ?? settings.theme ?? .dark, depth: ColorDepth(name: color ?? settings.color ?? "auto") ?? .mono,
                glyphs: ascii || settings.ascii == true ? .ascii : .unicode))
        settings.apply(to: &state)
        if tour { state.beginTour() }
        let services = try services(in: workspace, copy: { _ in "nowhere" })
        let result = await ExplorerReplay.run(keys: chords, state: state, services: services)
        StandardOutput.line(result.frame.plainText)
    }
}

extension Theme.Name: ExpressibleByArgument {}

extension BackgroundGuess {
    static var ofEnvironment: BackgroundGuess {
        BackgroundGuess(colorFGBG: ProcessInfo.processInfo.environment["COLORFGBG"])
    }
}
