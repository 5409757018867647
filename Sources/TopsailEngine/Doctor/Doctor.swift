import Foundation
import TopsailCatalog
import TopsailCore
import TopsailModel
import TopsailSAE
import TopsailTensor

/// Looks whether everything that the program needs is there and whole.
public struct Doctor: Sendable {
    /// One thing that was looked at.
    public struct Finding: Sendable, Hashable {
        public enum Verdict: String, Sendable, Hashable {
            case fine, missing, broken
        }

        public var subject: String
        public var verdict: Verdict
        /// What was found, in a sentence or a few words.
        public var detail: String
        public var hint: String?

        public init(subject: String, verdict: Verdict, detail: String, hint: String? = nil) {
            self.subject = subject
            self.verdict = verdict
            self.detail = detail
            self.hint = hint
        }
    }

    public let workspace: Workspace
    public let data: BundledData?

    public init(workspace: Workspace, data: BundledData?) {
        self.workspace = workspace
        self.data = data
    }

    /// Checks the machine, the workspace, its catalog and its checkpoints.
    public func examine() -> [Finding] {
        [processor, shippedData, folder] + catalog + models + saes
    }

    private var processor: Finding {
        let fast =
            Precision.fast.isNarrowed
            ? "integer products for --precision fast" : "no AVX2: --precision fast is the same as exact"
        return Finding(
            subject: "processor", verdict: .fine,
            detail: "\(Parallel.threads) threads; \(LinearAlgebra.description); \(fast)")
    }

    private var shippedData: Finding {
        guard let data else {
            return Finding(
                subject: "shipped data", verdict: .missing, detail: "the Data folder was not found",
                hint: "set TOPSAIL_DATA to it")
        }
        return Finding(subject: "shipped data", verdict: .fine, detail: data.root)
    }

    private var folder: Finding {
        guard workspace.exists else {
            return Finding(
                subject: "workspace", verdict: .missing, detail: "\(workspace.root) does not exist",
                hint: "run: topsail setup")
        }
        guard access(workspace.root, W_OK) == 0 else {
            return Finding(subject: "workspace", verdict: .broken, detail: "\(workspace.root) cannot be written")
        }
        return Finding(subject: "workspace", verdict: .fine, detail: workspace.root)
    }

    private var catalog: [Finding] {
        guard workspace.hasCatalog else {
            return [Finding(subject: "catalog", verdict: .missing, detail: "there is none", hint: "run: topsail setup")]
        }
        return [
            examined("catalog") {
                let catalog = try workspace.openCatalog()
                let problems = try catalog.check()
                let summary = try catalog.summary()
                guard problems.isEmpty else { return (.broken, problems.joined(separator: "; ")) }
                return (
                    .fine,
                    "\(summary.saes) SAEs, \(summary.neurons) neurons, \(summary.annotations) annotations of yours"
                )
            }
        ]
    }

    private var models: [Finding] {
        let models = workspace.models()
        guard !models.isEmpty else {
            return [Finding(subject: "model", verdict: .missing, detail: "there is none", hint: "run: topsail setup")]
        }
        return models.map { model in
            examined("model \(model.name)") {
                let configuration = try LanguageModel.open(path: model.path).configuration
                let role = model.isDefault ? ", the default" : ""
                return (.fine, "\(configuration.nLayers) layers of \(configuration.dModel)\(role)")
            }
        }
    }

    private var saes: [Finding] {
        let saes = workspace.saes()
        guard !saes.isEmpty else {
            return [Finding(subject: "SAEs", verdict: .missing, detail: "there are none", hint: "run: topsail setup")]
        }
        return saes.map { sae in
            examined("SAE \(sae.name)") {
                let info = try SAELoader.open(path: sae.path, name: sae.name).info
                return (
                    .fine,
                    "\(info.architecture.rawValue), \(info.dSAE) neurons at \(info.hook?.description ?? "an unknown hook")"
                )
            }
        }
    }

    private func examined(_ subject: String, _ body: () throws -> (Finding.Verdict, String)) -> Finding {
        do {
            let (verdict, detail) = try body()
            return Finding(subject: subject, verdict: verdict, detail: detail)
        } catch {
            let error = error as? any UserFacingError
            return Finding(
                subject: subject, verdict: .broken, detail: error?.description ?? "it cannot be read", hint: error?.hint
            )
        }
    }
}
