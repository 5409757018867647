import Foundation
import TopsailCore

/// Why a file could not be read or written.
///
/// `description` is one sentence that names the file, the place in it and what was wrong.
public struct FileFormatError: UserFacingError, Hashable {
    /// What was wrong. The cases are told apart so that callers can act on them: a truncated file is worth fetching
    /// again, an unsupported one is not.
    public enum Reason: Sendable, Hashable {
        /// The content is not the format it was opened as; `found` says what it looks like, where that is known.
        case notThisFormat(expected: String, found: String?)
        /// The file ends before something it announces.
        case truncated(needed: Int, available: Int)
        /// An offset, length or count points outside the file or past what can be held.
        case outOfRange(String)
        /// Well formed, but of a version, type or kind that is not read here; the text names it.
        case unsupported(String)
        /// Could make a less careful reader run code or give itself away; the text names it.
        case refused(String)
        /// Contradicts itself or cannot be read at all.
        case corrupt(String)
        /// A needed setting is absent.
        case missingKey(String)
        /// A needed setting is there with a value of another type.
        case wrongType(key: String, expected: String, found: String)
        /// A needed tensor is absent; `similar` lists a few names that are there.
        case missingTensor(String, similar: [String])
        /// A file that another one names is absent.
        case missingFile(String)
        /// A tensor is there with another shape.
        case shapeMismatch(tensor: String, expected: [Int], found: [Int])
        /// The system refused to open or read the file.
        case unreadable(errno: CInt)
        /// The system refused to write the file.
        case unwritable(errno: CInt)
    }

    /// The file, as it was given to the reader.
    public var path: String
    /// Where in the file, e.g. `tensor "blk.0.attn_q.weight"`; empty when the whole file is meant.
    public var place: String
    public var reason: Reason

    public init(path: String, place: String = "", reason: Reason) {
        self.path = path
        self.place = place
        self.reason = reason
    }
}

extension FileFormatError {
    public var description: String {
        let text = place.isEmpty ? "\(path): \(explanation)" : "\(path): \(place): \(explanation)"
        return PrintableText.printable(text)
    }

    private var explanation: String {
        switch reason {
        case .notThisFormat(let expected, let found):
            found.map { "expected \(expected), found \($0)" } ?? "this is not \(expected)"
        case .truncated(let needed, let available):
            "the file ends too soon: \(needed) bytes are needed, \(available) are there"
        case .outOfRange(let what), .corrupt(let what): what
        case .unsupported(let what): "\(what) is not supported"
        case .refused(let what): "\(what) is refused"
        case .missingKey(let key): "the setting \(key) is missing"
        case .wrongType(let key, let expected, let found): "the setting \(key) should be \(expected), but is \(found)"
        case .missingTensor(let name, _): "there is no tensor named \(name)"
        case .missingFile(let name): "the file \(name) that it names is missing"
        case .shapeMismatch(let tensor, let expected, let found):
            "tensor \(tensor) should have the shape \(expected), but has \(found)"
        case .unreadable(ENOENT): "does not exist"
        case .unreadable(EISDIR): "is not a regular file"
        case .unreadable(let code): "cannot be read (\(String(cString: strerror(code))))"
        case .unwritable(let code): "cannot be written (\(String(cString: strerror(code))))"
        }
    }

    public var hint: String? {
        switch reason {
        case .truncated: "The file may have been copied or downloaded incompletely; fetch it again."
        case .missingTensor(_, let similar) where !similar.isEmpty:
            "Tensors with the nearest names: \(similar.map { PrintableText.printable($0) }.joined(separator: ", "))."
        default: nil
        }
    }
}
