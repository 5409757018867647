import ArgumentParser
import Foundation
import TerminalKit
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailSAE
import TopsailTensor
import TopsailUI

/// Named benchmarks. Each line says median, spread, and the ratio to a limit or a peer measured in the same run.
@main struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topsail-bench",
        abstract: "Measure Topsail, against peers where they are installed.",
        discussion: """
            Without names every part but million runs. peer and contention compare with llama.cpp where the Python that \
            $TOPSAIL_BENCH_PYTHON names has llama-cpp-python. explorer runs the program beside this one in a \
            terminal, with the workspace's catalog; million with a catalog of --neurons, as catalog makes.
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case model, peer, fidelity, contention, sae
        case largeSAE = "large-sae"
        case training, live, catalog, explorer, million
    }

    @Argument(help: "What to measure.") var parts: [Part] = []
    @Option(help: "The folder with catalog, models and SAEs (default: as topsail finds it).") var workspace: String?
    @Option(help: "A model of the workspace or a .gguf file (default: the workspace's).") var model: String?
    @Option(help: "An SAE of the workspace, or a checkpoint (default: all that the catalog names).") var sae: String?
    @Option(help: "The categories of the catalogs that catalog and million make.") var taxonomy = "Data/taxonomy.json"
    @Option(help: "How many neurons those catalogs have.") var neurons = 1_000_000

    static func main() async {
        BLASKernels.startAnewForUnknownCPU()
        await main(nil)
    }

    func validate() throws {
        guard neurons >= 1 else { throw ValidationError("--neurons \(neurons): a catalog needs at least one neuron") }
    }

    func run() async throws {
        let machine = Machine()
        report(machine.description)
        if wants(.training) { try TrainingBenchmark(machine: machine).run().forEach { report($0.report) } }
        if wants(.largeSAE) { try LargeSAEBenchmark(machine: machine).run(report) }
        if wants(.catalog) {
            try CatalogBenchmark(neurons: neurons, withContexts: neurons / 10, taxonomy: readTaxonomy()).run(report)
        }
        if parts.contains(.million) { try await measureMillion() }
        if wants(.explorer) { try await measureExplorer() }
        if wants(.model, .peer, .fidelity, .contention) { try measureModel(machine) }
        if wants(.sae) {
            for checkpoint in try sources().saes {
                let sae = try SAELoader.open(path: checkpoint.path, name: checkpoint.name)
                SAEBenchmark(machine: machine, sae: sae).run().forEach { report($0.report) }
            }
        }
        if wants(.live) {
            let session = LiveSession(try sources(), catalog: try openCatalog())
            try await LiveBenchmark(session: session).run().forEach { report($0.report) }
        }
    }

    // MARK: Parts

    private func measureModel(_ machine: Machine) throws {
        let model = try LanguageModel.open(path: sources().modelPath)
        if wants(.model) { try ModelBenchmark(machine: machine, model: model).run().forEach { report($0.report) } }
        if wants(.peer) { try PeerBenchmark(model: model).run(report) }
        if wants(.fidelity) { report(try FidelityBenchmark(model: model).run()) }
        if wants(.contention) { try ContentionBenchmark(model: model).run().forEach(report) }
    }

    private func measureExplorer() async throws {
        let sizes = [Size(width: 80, height: 24), Size(width: 200, height: 60)]
        for size in sizes {
            try ExplorerBenchmark(
                workspace: place.root, columns: size.width, rows: size.height, name: "\(size.width)x\(size.height)"
            ).run(report)
        }
        guard let catalog = try openCatalog() else { return }
        let sources = try sources()
        let library = CatalogLibrary(catalog, texts: NumberedTokens())
        for size in sizes {
            try await FrameBenchmark(library: library, live: LiveSession(sources, catalog: catalog), size: size)
                .run(report)
        }
    }

    /// The explorer on a synthetic catalog.
    private func measureMillion() async throws {
        let synthetic = try SyntheticCatalog(neurons: neurons, withContexts: neurons / 10, taxonomy: readTaxonomy())
        _ = try synthetic.catalog.importFile(.jsonl, at: synthetic.lines)
        try synthetic.addContexts()
        let folder = NSTemporaryDirectory() + "topsail-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/catalog.sqlite", withDestinationPath: synthetic.catalog.path)
        try ExplorerBenchmark(workspace: folder, columns: 80, rows: 24, name: "\(neurons) neurons").run(report)
        let live: any LiveService =
            if let sources = try? place.liveSources(model: model, catalog: nil) {
                LiveSession(sources, catalog: nil)
            } else {
                NoModel(NoModel.Reason("none"))
            }
        try await FrameBenchmark(
            library: CatalogLibrary(synthetic.catalog, texts: NumberedTokens()), live: live,
            size: Size(width: 80, height: 24), name: "\(neurons) neurons "
        ).run(report)
    }

    // MARK: What they measure on

    private func wants(_ some: Part...) -> Bool { parts.isEmpty || !Set(parts).isDisjoint(with: some) }

    private var place: Workspace { Workspace.resolve(workspace) }

    private func openCatalog() throws -> Catalog? { place.hasCatalog ? try place.openCatalog() : nil }

    private func sources() throws -> LiveSources {
        try place.liveSources(model: model, saes: sae.map { [$0] } ?? [], catalog: openCatalog())
    }

    private func readTaxonomy() throws -> Taxonomy {
        try Taxonomy.decode(Data(contentsOf: URL(fileURLWithPath: taxonomy)), path: taxonomy)
    }

    /// Lines come as they are measured, also into a file or a pipe.
    private func report(_ line: String) {
        print(line)
        fflush(nil)
    }
}
