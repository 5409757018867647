/// The settings stored in a file beside its tensors, in the order of the file.
///
/// The short accessors give `nil` for a setting that is absent or of another type; those that start with `required`
/// throw an error that names it.
public struct ArchiveMetadata: Sendable {
    /// The file, for errors.
    let path: String
    /// Names in the order of the file.
    public private(set) var keys: [String] = []
    private var values: [String: MetadataValue] = [:]

    init(path: String) {
        self.path = path
    }

    public subscript(key: String) -> MetadataValue? { values[key] }

    /// - Returns: `false`, with nothing changed, when there is a setting of that name.
    mutating func insert(_ value: MetadataValue, for key: String) -> Bool {
        guard values.updateValue(value, forKey: key) == nil else { return false }
        keys.append(key)
        return true
    }
}

extension ArchiveMetadata {
    public func string(_ key: String) -> String? { values[key]?.string }
    public func int(_ key: String) -> Int? { values[key]?.int }
    public func float(_ key: String) -> Float? { values[key]?.float }
    public func bool(_ key: String) -> Bool? { values[key]?.bool }
    public func array(_ key: String) -> MetadataArray? { values[key]?.array }
    /// Decoded on each call; keep the result. Bytes that are not UTF-8 become U+FFFD.
    public func strings(_ key: String) -> [String]? { array(key)?.strings }
    /// Decoded on each call; keep the result.
    public func byteStrings(_ key: String) -> [[UInt8]]? { array(key)?.byteStrings }
    public func ints(_ key: String) -> [Int]? { array(key)?.ints }
    public func floats(_ key: String) -> [Float]? { array(key)?.floats }
}

extension ArchiveMetadata {
    /// - Throws: `missingKey` or `wrongType`.
    public func requiredString(_ key: String) throws(FileFormatError) -> String {
        guard let value = string(key) else { throw failure(key, expected: "a text") }
        return value
    }

    /// - Throws: `missingKey` or `wrongType`.
    public func requiredInt(_ key: String) throws(FileFormatError) -> Int {
        guard let value = int(key) else { throw failure(key, expected: "an integer") }
        return value
    }

    /// - Throws: `missingKey` or `wrongType`.
    public func requiredFloat(_ key: String) throws(FileFormatError) -> Float {
        guard let value = float(key) else { throw failure(key, expected: "a number") }
        return value
    }

    /// - Throws: `missingKey` or `wrongType`.
    public func requiredArray(_ key: String) throws(FileFormatError) -> MetadataArray {
        guard let value = array(key) else { throw failure(key, expected: "an array") }
        return value
    }

    private func failure(_ key: String, expected: String) -> FileFormatError {
        let reason: FileFormatError.Reason =
            values[key].map { .wrongType(key: key, expected: expected, found: $0.kind) } ?? .missingKey(key)
        return FileFormatError(path: path, reason: reason)
    }
}
