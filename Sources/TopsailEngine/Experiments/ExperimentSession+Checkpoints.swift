import Foundation
import TopsailAnalysis
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE

extension ExperimentSession: CheckpointService {
    // What needs no model does not wait for a run that goes on.
    public nonisolated func checkpoints() async throws -> [CheckpointEntry] {
        let present = sources.workspace.saes()
        let records = try catalog?.saes() ?? []
        let models = try catalog.map { try sources.workspace.modelNames(in: $0) } ?? [:]
        let known = records.map { record in
            var entry = CheckpointEntry(
                record, path: present.first { $0.name == record.name }?.path ?? place(of: record))
            entry.model = entry.model.map { models[$0] ?? $0 }
            return entry
        }
        let names = Set(records.map(\.name))
        let others = present.filter { !names.contains($0.name) }.compactMap { found -> CheckpointEntry? in
            // A folder that holds no SAE is no reason to show none.
            (try? SAELoader.open(path: found.path, name: found.name)).map { CheckpointEntry($0.info, path: found.path) }
        }
        return known + others
    }

    private nonisolated func place(of record: SAERecord) -> String? {
        guard let path = record.path else { return nil }
        let whole = path.hasPrefix("/") ? path : "\(sources.workspace.root)/\(path)"
        return FileManager.default.fileExists(atPath: whole) ? whole : nil
    }

    public nonisolated func open(path: String) async throws -> CheckpointEntry {
        let path = (path as NSString).expandingTildeInPath
        let found = try sources.workspace.sae(path)
        return CheckpointEntry(try SAELoader.open(path: found.path, name: found.name).info, path: found.path)
    }

    public nonisolated func densities(of sae: String) async throws -> DensityDistribution {
        guard let catalog else { throw WorkspaceError.noCatalog(root: sources.workspace.root) }
        let found = try catalog.densities(
            sae: sae, lowestPower: DensityDistribution.lowestPower, stepsPerPower: DensityDistribution.stepsPerPower)
        return DensityDistribution(counts: found.counts, silent: found.silent)
    }

    public func checkFit(of checkpoint: CheckpointEntry) async throws -> FitReport {
        let model = try model()
        let modelName = Workspace.modelName(at: model.path)
        let sae = try open(checkpoint)
        func report(_ verdict: FitReport.Verdict) -> FitReport {
            FitReport(sae: checkpoint.name, model: modelName, verdict: verdict)
        }
        do {
            _ = try SAEFit.hook(of: sae, in: model)
        } catch let error as AnalysisError {
            return report(.foreign(error.description))
        } catch let error as ModelError {
            return report(.foreign(error.description))
        }
        guard sae.info.hasDecoder else { return report(.foreign("it cannot decode, so there is nothing to measure")) }
        guard sae.info.dIn == sae.info.dOut else {
            return report(.foreign("a transcoder's output cannot be compared with what it reads"))
        }
        let texts = try FitTexts.all.map(TextReader(model).prompt)
        let figures = try ReconstructionEvaluation(model: model, sae: sae, precision: sources.precision)
            .run(texts, isCancelled: { Task.isCancelled })
        return FitReport(
            sae: checkpoint.name, model: modelName, verdict: FitReport.Verdict(figures),
            explainedVariance: figures.explainedVariance, l0: figures.l0, ceRecovered: figures.ceRecovered,
            tokens: figures.tokens)
    }

    public func compare(
        _ first: CheckpointEntry, with second: CheckpointEntry
    ) async throws -> CheckpointComparison {
        let (left, right) = (try open(first), try open(second))
        let matches = try DecoderMatching.match(left, with: right, isCancelled: { Task.isCancelled })
        return CheckpointComparison(
            first: first.name, second: second.name,
            matches: matches.map {
                .init(first: $0.first, second: $0.second, cosine: $0.cosine, isMutual: $0.isMutual)
            },
            chance: matches.isEmpty || left.info.dOut < 2
                ? nil
                : ChanceMatching(first: matches.count, second: right.info.dSAE, width: left.info.dOut))
    }

    private func open(_ checkpoint: CheckpointEntry) throws -> any SparseAutoencoder {
        guard let path = checkpoint.path else {
            throw WorkspaceError.unknownSAE(checkpoint.name, known: sources.workspace.saes().map(\.name))
        }
        return try sae(at: path, named: checkpoint.name)
    }
}

extension FitReport.Verdict {
    /// A reconstruction that explains less of the variance than this is doubtful.
    private static let leastVariance = 0.3

    init(_ figures: ReconstructionReport) {
        guard figures.explainedVariance > 0 else {
            self = .foreign("its reconstruction is worse than the mean of what it reads")
            return
        }
        self = figures.explainedVariance < Self.leastVariance ? .doubtful : .fits
    }
}

extension CheckpointEntry {
    init(_ record: SAERecord, path: String?) {
        self.init(
            name: record.name, architecture: record.architecture, hook: record.hook, model: record.model,
            dIn: record.dIn, dSAE: record.dSAE, k: record.k, metrics: record.metrics, isDefault: record.isDefault,
            neurons: record.neuronCount, collection: record.collection, path: path)
    }

    init(_ info: SAEInfo, path: String) {
        var k: Int?
        if case .int(let value) = info.parameters["k"] { k = value }
        self.init(
            name: info.name, architecture: info.architecture.rawValue, hook: info.hook, model: info.model,
            dIn: info.dIn, dSAE: info.dSAE, k: k, path: path,
            parameters: [Parameter("layout", info.format), Parameter("weights", "\(info.dtype)")]
                + info.parameters.sorted { $0.key < $1.key }.map { Parameter($0.key, $0.value.words) })
    }
}

extension ConfigurationValue {
    /// The value as a person reads it.
    fileprivate var words: String {
        switch self {
        case .null: "none"
        case .bool(let value): value ? "yes" : "no"
        case .int(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value
        case .list(let values): values.map(\.words).joined(separator: ", ")
        case .object(let values): values.sorted { $0.key < $1.key }.map { "\($0): \($1.words)" }.joined(separator: ", ")
        }
    }
}
