import TopsailCore

/// Why items cannot be collected. Files that cannot be read throw `FileFormatError`.
public enum ItemError: UserFacingError, Hashable {
    /// `similar` lists a few names that are there.
    case noTensor(path: String, key: String, similar: [String])
    case empty(path: String, key: String)
    /// Rows of another width than the SAE reads.
    case width(path: String, key: String, shape: [Int], sae: String, dIn: Int)
    case labelCount(labels: String, found: Int, path: String, key: String, items: Int)
    /// A NaN or an infinity. `position` is `nil` where an item is one row.
    case notFinite(path: String, key: String, item: Int, position: Int?)
    /// Activations that are finite, but too large for the SAE's arithmetic.
    case overflow(path: String, key: String, item: Int, sae: String)
    /// The catalog has neurons of an SAE of that name that were collected with a language model.
    case hasLanguageModel(sae: String, model: String)

    public var description: String { PrintableText.printable(sentence) }

    private var sentence: String {
        switch self {
        case .noTensor(let path, let key, _): "\(path) has no tensor named \(key)"
        case .empty(let path, let key): "\(key) in \(path) holds no items"
        case .width(let path, let key, let shape, let sae, let dIn):
            "\(key) in \(path) has the shape \(shape), but \(sae) reads rows of \(dIn)"
        case .labelCount(let labels, let found, let path, let key, let items):
            "\(labels) has \(found) labels, but \(key) in \(path) has \(items) items"
        case .notFinite(let path, let key, let item, let position):
            "item \(item)\(position.map { ", position \($0)" } ?? "") of \(key) in \(path) has a value that is not finite"
        case .overflow(let path, let key, let item, let sae):
            "item \(item) of \(key) in \(path) is too large: an activation of \(sae) is not a finite number"
        case .hasLanguageModel(let sae, let model):
            "\(sae) in the catalog reads the language model \(model), and its contexts would be lost"
        }
    }

    public var hint: String? {
        switch self {
        case .noTensor(_, _, let similar) where !similar.isEmpty:
            "the nearest are \(PrintableText.printable(similar.joined(separator: ", "))); name one with FILE#KEY"
        case .noTensor, .empty, .width: "name another tensor with FILE#KEY; topsail tensors FILE lists them"
        case .labelCount:
            "give one label an item, in the items' order; a CSV's header counts as one unless it says label, name or text"
        case .notFinite, .overflow: "items count from 0; mend the item or leave it out"
        case .hasLanguageModel: "copy the checkpoint to a folder of another name and collect with that"
        }
    }
}
