import Foundation
import TerminalKit
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailSAE
import TopsailTensor
import TopsailUI

/// Named benchmarks. Each line says median, spread, and the ratio to a limit measured in the same run.
///
/// `topsail-bench [model] [peer] [fidelity] [contention] [sae] [large-sae] [training] [live] [catalog] [explorer] [million]`; the model, SAE and catalog are those of the
/// workspace, or `--model`, `--sae`. `catalog` makes a catalog of a million neurons, or of `--neurons`. `peer` and `contention` compare with llama.cpp where `$TOPSAIL_BENCH_PYTHON` has
/// llama-cpp-python. `explorer` runs the program in a terminal with the workspace's catalog, `million` with one of `--neurons`.
@main struct Bench {
    static func main() async {
        BLASKernels.startAnewForUnknownCPU()
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        var names: Set<String> = [], paths: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--"), let value = rest.popFirst() {
                paths[String(argument.dropFirst(2))] = value
            } else {
                names.insert(argument)
            }
        }
        let machine = Machine()
        print(machine.description)
        func wanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }
        if wanted("training") {
            for result in try TrainingBenchmark(machine: machine).run() { print(result.report) }
            if names == ["training"] { return }
        }
        if wanted("large-sae") {
            try LargeSAEBenchmark(machine: machine).run { print($0) }
            if names == ["large-sae"] { return }
        }
        if wanted("catalog") {
            let path = paths["taxonomy"] ?? "Data/taxonomy.json"
            let taxonomy = try Taxonomy.decode(Data(contentsOf: URL(fileURLWithPath: path)), path: path)
            let neurons = paths["neurons"].flatMap { Int($0) } ?? 1_000_000
            try CatalogBenchmark(neurons: neurons, withContexts: neurons / 10, taxonomy: taxonomy).run { line in
                print(line)
                fflush(nil)
            }
            if names == ["catalog"] { return }
        }
        let workspace = Workspace.resolve(paths["workspace"])
        if names.contains("million") {
            let neurons = paths["neurons"].flatMap { Int($0) } ?? 1_000_000
            let sources = try? workspace.liveSources(model: paths["model"], catalog: nil)
            try await measureMillion(
                neurons, taxonomyPath: paths["taxonomy"] ?? "Data/taxonomy.json",
                live: sources.map { LiveSession($0, catalog: nil) } ?? NoModel(NoModel.Reason("none")))
            if names == ["million"] { return }
        }
        if wanted("explorer") {
            for (columns, rows) in [(80, 24), (200, 60)] {
                try ExplorerBenchmark(
                    workspace: workspace.root, columns: columns, rows: rows, name: "\(columns)x\(rows)"
                ).run { print($0) }
            }
        }
        let catalog = workspace.hasCatalog ? try workspace.openCatalog() : nil
        let sources = try workspace.liveSources(
            model: paths["model"], saes: paths["sae"].map { [$0] } ?? [], catalog: catalog)
        if !names.isDisjoint(with: Self.ofModels) || names.isEmpty {
            try measureModel(at: sources.modelPath, machine: machine, wanted)
        }
        if wanted("sae") {
            for checkpoint in sources.saes {
                let sae = try SAELoader.open(path: checkpoint.path, name: checkpoint.name)
                for result in SAEBenchmark(machine: machine, sae: sae).run() { print(result.report) }
            }
        }
        if wanted("explorer"), let catalog {
            let library = CatalogLibrary(catalog, texts: NumberedTokens())
            for size in [Size(width: 80, height: 24), Size(width: 200, height: 60)] {
                try await FrameBenchmark(
                    library: library, live: LiveSession(sources, catalog: catalog), size: size
                ).run { print($0) }
            }
        }
        if wanted("live") {
            let session = LiveSession(sources, catalog: catalog)
            for result in try await LiveBenchmark(session: session).run() { print(result.report) }
        }
    }

    private static let ofModels: Set<String> = ["model", "peer", "fidelity", "contention"]

    /// The explorer on a synthetic catalog.
    private static func measureMillion(_ neurons: Int, taxonomyPath: String, live: any LiveService) async throws {
        let taxonomy = try Taxonomy.decode(
            Data(contentsOf: URL(fileURLWithPath: taxonomyPath)), path: taxonomyPath)
        let synthetic = try SyntheticCatalog(neurons: neurons, withContexts: neurons / 10, taxonomy: taxonomy)
        _ = try synthetic.catalog.importFile(.jsonl, at: synthetic.lines)
        try synthetic.addContexts()
        let folder = NSTemporaryDirectory() + "topsail-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/catalog.sqlite", withDestinationPath: synthetic.catalog.path)
        try ExplorerBenchmark(workspace: folder, columns: 80, rows: 24, name: "\(neurons) neurons").run { print($0) }
        let library = CatalogLibrary(synthetic.catalog, texts: NumberedTokens())
        try await FrameBenchmark(
            library: library, live: live, size: Size(width: 80, height: 24), name: "\(neurons) neurons "
        ).run { print($0) }
    }

    private static func measureModel(at path: String, machine: Machine, _ wanted: (String) -> Bool) throws {
        let model = try LanguageModel.open(path: path)
        if wanted("model") {
            for result in try ModelBenchmark(machine: machine, model: model).run() { print(result.report) }
        }
        if wanted("peer") { try PeerBenchmark(model: model).run { print($0) } }
        if wanted("fidelity") { print(try FidelityBenchmark(model: model).run()) }
        if wanted("contention") { for line in try ContentionBenchmark(model: model).run() { print(line) } }
    }
}
