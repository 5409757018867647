import Foundation
import TopsailTensor

/// Files of one JSON value a line.
enum JSONLines {
    /// Decodes every line that is not blank.
    ///
    /// - Parameter path: Named in errors.
    /// - Throws: `PipelineError.badLine` with the first line that does not fit.
    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, path: String) throws -> [Value] {
        let decoder = JSONDecoder()
        var values: [Value] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy(isBlank) {
            do {
                values.append(try decoder.decode(type, from: line))
            } catch {
                throw PipelineError.badLine(path: path, line: index + 1, problem: explain(error))
            }
        }
        return values
    }

    static func read<Value: Decodable>(_ type: Value.Type, path: String) throws -> [Value] {
        let file = try MappedFile(path: path)
        return try withExtendedLifetime(file) { try decode(type, from: Data(file.bytes), path: path) }
    }

    /// One value as a line, keys in a fixed order, the line feed included.
    static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data([UInt8(ascii: "\n")])
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// What a decoder minds, without the text of the line.
    private static func explain(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\"\(context.codingPath.last?.stringValue ?? "")\" is of another type than expected"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\"\(context.codingPath.last!.stringValue)\" has a value that is not known"
        default: "it is not a JSON object"
        }
    }
}
