import ArgumentParser
import TopsailCatalog
import TopsailCore
import TopsailEngine
import TopsailTokenizer

/// `topsail neuron`: all that is known of one neuron.
struct NeuronCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "neuron", abstract: "Show everything that is known of a neuron.",
        discussion: """
            Example:
              topsail neuron 14_1424 --contexts 5
            A neuron is named by layer and index (14_1424), or by SAE and index (sae-name/1424).
            """)

    @OptionGroup var common: CommonOptions
    @Argument(help: "The neuron.") var neuron: String
    @Option(help: "Contexts to show at most.") var contexts: Int?

    func validate() throws {
        if contexts ?? 0 < 0 { throw ValidationError("--contexts needs a number of 0 or more") }
    }

    func run() async throws {
        let workspace = common.place
        let catalog = try workspace.openCatalog()
        let detail = try catalog.neuron(catalog.neuronID(neuron))
        let texts = TokenNames(modelOf: detail.sae, in: workspace)
        let shown = Array(detail.contexts.prefix(contexts ?? .max))
        if common.json {
            StandardOutput.line(NeuronDocument(detail: detail, contexts: shown, texts: texts).json.line)
        } else {
            NeuronPage(detail: detail, contexts: shown, texts: texts).print()
        }
    }
}

/// Texts of the tokens that a catalog stores as ids.
struct TokenNames: TokenTexts {
    private let tokenizer: (any TextTokenizer)?

    /// Looks for the tokenizer of the model that an SAE was trained on; without one, tokens are shown by their ids.
    /// Where there is no language model, contexts bring their own texts.
    init(modelOf sae: SAERecord, in workspace: Workspace) {
        guard let model = sae.model else {
            tokenizer = nil
            return
        }
        tokenizer =
            (try? TokenizerSource.open(model, in: workspace))?.tokenizer
            ?? (try? TokenizerSource.open(nil, in: workspace))?.tokenizer
        if tokenizer == nil {
            StandardError.warning("there is no model in the workspace: tokens are shown by their ids")
        }
    }

    func text(of id: TokenID) -> String { tokenizer?.text(of: id) ?? "⟨\(id)⟩" }

    /// What an effect is on: the text that it brings, else the token's.
    func text(of effect: TokenEffect) -> String { effect.text ?? text(of: effect.token) }

    /// The texts that a context brings, else what the tokenizer makes of its tokens.
    func texts(of context: ActivatingContext) -> [String] { context.texts ?? context.tokens.map(text(of:)) }
}
