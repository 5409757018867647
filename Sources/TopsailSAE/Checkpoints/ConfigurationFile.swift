import Foundation
import TopsailTensor

/// A JSON configuration read key by key, so that an error can name the key.
struct ConfigurationFile {
    let path: String
    let values: [String: ConfigurationValue]

    /// No configuration of an SAE comes near this; a larger file is something else.
    private static let largest = 16 << 20

    init(path: String) throws {
        self.path = path
        let file = try MappedFile(path: path)
        guard file.bytes.count <= Self.largest else {
            throw SAECheckpointError(path, .unreadable("\(file.bytes.count) bytes are too many for a configuration"))
        }
        do {
            values = try JSONDecoder().decode([String: ConfigurationValue].self, from: Data(file.bytes))
        } catch {
            throw SAECheckpointError(path, .unreadable("it is not a JSON object"))
        }
    }

    init(path: String, values: [String: ConfigurationValue]) {
        self.path = path
        self.values = values
    }

    /// The value of a key; `nil` when it is absent or null.
    subscript(key: String) -> ConfigurationValue? {
        values[key].flatMap { $0 == .null ? nil : $0 }
    }

    /// The value of the first of these keys that has one.
    func first(_ keys: String...) -> ConfigurationValue? {
        for key in keys { if let value = self[key] { return value } }
        return nil
    }

    /// A nested object; empty when it is absent.
    func object(_ key: String) throws -> ConfigurationFile {
        switch self[key] {
        case nil: ConfigurationFile(path: path, values: [:])
        case .object(let values): ConfigurationFile(path: path, values: values)
        case let found?: throw bad(key, expected: "an object", found: found)
        }
    }

    func string(_ key: String) throws -> String? {
        switch self[key] {
        case nil: nil
        case .string(let text): text
        case let found?: throw bad(key, expected: "a string", found: found)
        }
    }

    func bool(_ key: String) throws -> Bool? {
        switch self[key] {
        case nil: nil
        case .bool(let value): value
        case let found?: throw bad(key, expected: "true or false", found: found)
        }
    }

    /// A whole number above zero that may be a tensor's extent.
    func size(_ key: String) throws -> Int {
        guard let value = self[key] else { throw SAECheckpointError(path, .missingKey(key)) }
        guard case .int(let size) = value, size > 0, size <= Int(Int32.max) else {
            throw bad(key, expected: "a whole number above 0", found: value)
        }
        return size
    }

    func bad(_ key: String, expected: String, found: ConfigurationValue) -> SAECheckpointError {
        SAECheckpointError(path, .badValue(key: key, expected: expected, found: found.description))
    }
}

extension ConfigurationFile {
    /// A whole number above zero that may be absent.
    func optionalSize(_ key: String) throws -> Int? { self[key] == nil ? nil : try size(key) }

    func int(_ key: String) throws -> Int? {
        switch self[key] {
        case nil: return nil
        case .int(let value): return value
        case .number(let value) where Int(exactly: value) != nil: return Int(exactly: value)
        case let found?: throw bad(key, expected: "a whole number", found: found)
        }
    }

    func number(_ key: String) throws -> Double? {
        switch self[key] {
        case nil: nil
        case .int(let value): Double(value)
        case .number(let value): value
        case let found?: throw bad(key, expected: "a number", found: found)
        }
    }

    /// A list of whole numbers, which some libraries write as a text: `"[12, 24]"`.
    func ints(_ key: String) throws -> [Int]? {
        switch self[key] {
        case nil: return nil
        case .list(let values):
            return try values.map { value in
                guard case .int(let int) = value else { throw bad(key, expected: "whole numbers", found: value) }
                return int
            }
        case .string(let text):
            return try text.split { " ,[]()".contains($0) }.map { part in
                guard let int = Int(part) else { throw bad(key, expected: "whole numbers", found: .string(text)) }
                return int
            }
        case let found?: throw bad(key, expected: "a list of whole numbers", found: found)
        }
    }

    /// The values of some keys that are there.
    func kept(_ keys: String...) -> [String: ConfigurationValue] {
        Dictionary(uniqueKeysWithValues: keys.compactMap { key in self[key].map { (key, $0) } })
    }
}
