import Foundation
import TopsailFiles

/// Activations of items (images, proteins, galaxies, users …) with what the items are called.
public struct ItemSource: Sendable {
    public let activations: ActivationFile
    private let labels: [String]?

    /// - Parameters:
    ///   - key: The tensor `[items, d]` or `[items, positions, d]`; `input` unless given, or the only one.
    ///   - labels: A file with one label an item, as `ItemLabels` reads it.
    /// - Throws: `ItemError` when there is no such tensor, no items, or another number of labels; `FileFormatError`.
    public init(path: String, key: String? = nil, labels: String? = nil) throws {
        do {
            activations = try ActivationFile(path: path, key: key)
        } catch {
            guard case .missingTensor(let name, let similar) = error.reason else { throw error }
            throw ItemError.noTensor(path: path, key: name, similar: similar)
        }
        guard activations.items > 0, activations.width > 0 else {
            throw ItemError.empty(path: path, key: activations.key)
        }
        guard let labels else {
            self.labels = nil
            return
        }
        let names = try ItemLabels.read(labels)
        guard names.count == activations.items else {
            throw ItemError.labelCount(
                labels: labels, found: names.count, path: path, key: activations.key, items: activations.items)
        }
        self.labels = names
    }

    public var hasLabels: Bool { labels != nil }

    /// The file's name, with the tensor's where the file has more than one: `patches.npy`, `vision.safetensors#cls`.
    public var name: String {
        let file = URL(fileURLWithPath: activations.path).lastPathComponent
        return (file as NSString).deletingPathExtension == activations.key ? file : "\(file)#\(activations.key)"
    }

    /// What an item is called; `item 17` where nobody says.
    ///
    /// - Parameter item: Counted from 0.
    public func label(of item: Int) -> String {
        if let label = labels?[item], !label.allSatisfy(\.isWhitespace) { return label }
        return "item \(item)"
    }
}
