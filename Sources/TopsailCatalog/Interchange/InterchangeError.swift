import GRDB
import TopsailCore
import TopsailFiles

/// Why a file could not be imported or an export not be written; one sentence with file and place.
public struct InterchangeError: UserFacingError, Hashable {
    /// The file or folder, as it was given.
    public var path: String
    /// Where in it: `line 12`, `entry 17_2424`; empty when the whole file is meant.
    public var place: String
    public var problem: String
    public var hint: String?

    public init(path: String, place: String = "", problem: String, hint: String? = nil) {
        self.path = path
        self.place = place
        self.problem = problem
        self.hint = hint
    }

    public var description: String {
        PrintableText.printable([path, place, problem].filter { !$0.isEmpty }.joined(separator: ": "))
    }
}

extension InterchangeError {
    /// What a reader below says, with the place that it was at. What the catalog itself says, and a wish to stop, stays as it
    /// is.
    static func placing(_ error: any Error, path: String, place: String = "") -> any Error {
        switch error {
        case is CatalogError, is DatabaseError, is CancellationError: error
        default: InterchangeError(wrapping: error, path: path, place: place)
        }
    }

    private init(wrapping error: any Error, path: String, place: String) {
        switch error {
        case let error as InterchangeError: self = error
        case let error as JSONPullError: self.init(path: path, place: place, problem: error.problem)
        case let error as FileFormatError: self.init(path: path, problem: Self.problem(of: error, path))
        case let error as any UserFacingError:
            self.init(path: path, place: place, problem: error.description, hint: error.hint)
        default: self.init(path: path, place: place, problem: String(describing: error))
        }
    }

    /// The error's sentence without the path, which stands in front already.
    private static func problem(of error: FileFormatError, _ path: String) -> String {
        let text = error.description
        return text.hasPrefix(path + ": ") ? String(text.dropFirst(path.count + 2)) : text
    }
}
