import Synchronization
import TopsailCore
import TopsailEngine
import TopsailTokenizer
import TopsailUI

/// Texts of stored tokens, with a tokenizer that is opened when the first one is asked for.
///
/// The first frame does not wait for it.
final class LazyTokenTexts: TokenTexts {
    private let model: String?
    private let workspace: Workspace
    /// `nil` until asked; then the tokenizer, or that there is none.
    private let opened = Mutex<(any TextTokenizer)??>(nil)

    init(model: String?, workspace: Workspace) {
        self.model = model
        self.workspace = workspace
    }

    func text(of id: TokenID) -> String { tokenizer?.text(of: id) ?? "⟨\(id)⟩" }

    func bytes(of id: TokenID) -> [UInt8] { tokenizer?.bytes(of: id) ?? Array(text(of: id).utf8) }

    private var tokenizer: (any TextTokenizer)? {
        opened.withLock { opened in
            if let opened { return opened }
            let fresh = (try? TokenizerSource.open(model, in: workspace))?.tokenizer
            opened = .some(fresh)
            return fresh
        }
    }
}
