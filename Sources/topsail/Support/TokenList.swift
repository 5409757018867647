import ArgumentParser
import Foundation
import TopsailCore

/// Token ids on the command line or in a file: numbers with commas or blanks between them, or a JSON array of them.
struct TokenList: ExpressibleByArgument {
    let ids: [TokenID]

    init?(argument: String) {
        var text = argument[...].trimmed
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast().trimmed }
        let parts = text.split { $0 == "," || $0.isWhitespace }
        let ids = parts.compactMap { TokenID($0) }
        guard ids.count == parts.count else { return nil }
        self.ids = ids
    }

    /// Reads the ids in a file.
    static func read(_ path: String) throws -> TokenList {
        guard let list = TokenList(argument: try InputText.file(path)) else {
            throw CommandFailure("\(path) holds something else than token ids", hint: "ids look like 1,2,3")
        }
        return list
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
