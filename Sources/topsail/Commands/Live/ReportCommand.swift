import ArgumentParser
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel

/// `topsail report`: a page on one prompt for where there is no terminal.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Read a prompt with the model and print its neurons with their labels.",
        discussion: "Example: topsail report --text \"The court sentenced him to prison.\"")

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @Option(parsing: .unconditional, help: "The prompt.")
    var text = "The senator was accused of taking bribes, and the court sentenced him to five years in prison."
    @Flag(help: "Render the text as one user message through the model's chat template.") var chat = false
    @Option(help: "Neurons to print.") var top = 12

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let sources = try workspace.liveSources(model: model.model, catalog: catalog, precision: model.precision)
        let session = LiveSession(sources, catalog: catalog)
        let clock = ContinuousClock()
        let start = clock.now
        let status = try await session.prepare()
        let loading = clock.now - start
        let report = try await session.fullReport(on: LiveRequest(text: text, usesChatTemplate: chat))
        let page = LivePage(
            status: status, report: report, loading: loading,
            names: try NeuronNames(status.saes.map(\.name), catalog: catalog),
            labels: try LabelTable(status.saes, catalog), limit: top)
        if common.json {
            StandardOutput.line(page.document.line)
        } else {
            page.print()
        }
    }
}

/// What the catalog says a neuron stands for.
struct LabelTable {
    private let labels: [[String?]]

    init(_ saes: [LiveSAE], _ catalog: Catalog) throws {
        let known = Set(try catalog.saes().map(\.name))
        labels = try saes.map { known.contains($0.name) ? try catalog.liveTable(sae: $0.name).labels : [] }
    }

    subscript(_ feature: LiveFeature) -> String? {
        let labels = labels[feature.sae]
        return labels.indices.contains(feature.index) ? labels[feature.index] : nil
    }
}
