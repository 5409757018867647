import Foundation
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailModel
import TopsailSAE
import TopsailTensor

/// Named benchmarks. Each line says median, spread, and the ratio to a limit measured in the same run.
///
/// `topsail-bench [model] [peer] [fidelity] [contention] [sae] [large-sae] [training] [live] [catalog]`; the model, SAE and catalog are those of the
/// workspace, or `--model`, `--sae`. `catalog` makes a catalog of a million neurons, or of `--neurons`. `peer` and `contention` compare with llama.cpp where `$TOPSAIL_BENCH_PYTHON` has
/// llama-cpp-python.
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
        if wanted("live") {
            let session = LiveSession(sources, catalog: catalog)
            for result in try await LiveBenchmark(session: session).run() { print(result.report) }
        }
    }

    private static let ofModels: Set<String> = ["model", "peer", "fidelity", "contention"]

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
