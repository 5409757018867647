import TopsailFiles

/// The settings of one architecture in GGUF metadata: keys are looked up under the architecture's name.
///
/// Keys and defaults: llama.cpp's GGUF conventions.
struct GGUFSettings: ModelSettings {
    let path: String
    let architecture: String
    let metadata: ArchiveMetadata

    init(_ file: GGUFFile) throws {
        path = file.path
        metadata = file.metadata
        guard let architecture = metadata.string("general.architecture") else {
            throw ModelError.missingSettings(path: path, keys: ["general.architecture"])
        }
        self.architecture = architecture
    }

    func fullName(_ key: String) -> String { "\(architecture).\(key)" }

    func value(_ key: String) -> SettingValue? {
        guard let value = metadata[fullName(key)] else { return nil }
        if let bool = value.bool { return .bool(bool) }
        if let int = value.int { return .int(int) }
        if let float = value.float { return .number(Double(float)) }
        if let string = value.string { return .text(string) }
        guard let array = value.array else { return .other("a value of another kind") }
        if let bools = array.bools { return .numbers(bools.map { $0 ? 1 : 0 }) }
        if let floats = array.floats { return .numbers(floats.map(Double.init)) }
        if let ints = array.ints { return .numbers(ints.map(Double.init)) }
        return array.strings.map { .texts($0) } ?? .other("an array of \(array.count)")
    }
}
