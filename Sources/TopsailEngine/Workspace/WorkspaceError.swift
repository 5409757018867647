import TopsailAnalysis
import TopsailCore

/// Why a workspace cannot give what is asked of it.
public enum WorkspaceError: UserFacingError, Hashable {
    case cannotCreate(root: String, why: String)
    case noCatalog(root: String)
    case noModel(root: String)
    case unknownModel(String, known: [String])
    case ambiguousModel(String, candidates: [String])
    case noSAE(root: String)
    case unknownSAE(String, known: [String])
    /// A prompt is to be read with SAEs of something else than language.
    case noLanguageModel(saes: [String])
    case damagedRecord(path: String)
    case noAssessment(path: String)
    case damagedAssessment(path: String)

    public var description: String {
        switch self {
        case .cannotCreate(let root, let why): "the workspace \(root) cannot be written: \(why)"
        case .noCatalog(let root): "the workspace \(root) has no catalog"
        case .noModel(let root): "the workspace \(root) has no model"
        case .unknownModel(let name, _):
            "there is no model \(PrintableText.printable(name)), neither as a file nor in the workspace"
        case .ambiguousModel(let name, let candidates):
            "\(PrintableText.printable(name)) could be any of \(candidates.joined(separator: ", "))"
        case .noSAE(let root): "the workspace \(root) has no SAE"
        case .unknownSAE(let name, _):
            "there is no SAE \(PrintableText.printable(name)), neither as a file nor in the workspace"
        case .noLanguageModel(let saes):
            "\(PrintableText.printable(saes.joined(separator: " and "))) \(saes.count == 1 ? "has" : "have") no language model, "
                + "so there is no prompt to read"
        case .damagedRecord(let path): "\(path) cannot be read as Topsail's record of this workspace"
        case .noAssessment(let path): "there is no \(path), which says how neurons count for categories"
        case .damagedAssessment(let path):
            "\(path) cannot be read as an assessment of version \(AssessmentModel.currentVersion)"
        }
    }

    public var hint: String? {
        switch self {
        case .cannotCreate: "name another folder with --workspace or TOPSAIL_HOME"
        case .noCatalog, .noModel, .noSAE: "run: topsail setup"
        case .unknownModel(_, let known): Self.hint(known, otherwise: "give a .gguf file, or run: topsail setup")
        case .unknownSAE(_, let known): Self.hint(known, otherwise: "give a checkpoint folder, or run: topsail setup")
        case .noLanguageModel: "browse the neurons, or name another SAE with --sae"
        case .ambiguousModel: "give the whole name"
        case .damagedRecord: "move it away and run: topsail setup"
        case .noAssessment: "run: topsail setup, or fit one with: topsail calibrate --pairs pairs.jsonl"
        case .damagedAssessment: "fit it anew with: topsail calibrate --pairs pairs.jsonl"
        }
    }

    private static func hint(_ known: [String], otherwise: String) -> String {
        known.isEmpty ? otherwise : "the workspace has \(known.joined(separator: ", "))"
    }
}

extension WorkspaceError {
    /// Whether nothing is amiss but that SAEs of something else than language are asked to read a prompt.
    public var isAboutLanguage: Bool { if case .noLanguageModel = self { true } else { false } }
}
