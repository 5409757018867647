import Foundation
import TopsailTokenizer

/// The settings in a `config.json`, or in an object inside it.
struct HuggingFaceSettings: ModelSettings {
    let path: String
    private let node: JSONNode
    /// Where the object lies in the file, e.g. `text_config.`; empty for the whole.
    private let place: String

    /// - Throws: `ModelError` when the file cannot be read, is not JSON, or holds no object.
    init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ModelError.missingFile(folder: (path as NSString).deletingLastPathComponent, name: "config.json")
        }
        do throws(JSONSyntaxError) {
            node = try JSONDocument([UInt8](data)).root
        } catch {
            throw ModelError.unreadableSettings(path: path, why: "\(error.problem) at byte \(error.offset)")
        }
        guard node.members != nil else { throw ModelError.unreadableSettings(path: path, why: "it holds no object") }
        self.path = path
        place = ""
    }

    private init(path: String, node: JSONNode, place: String) {
        self.path = path
        self.node = node
        self.place = place
    }

    func fullName(_ key: String) -> String { place + key }

    func value(_ key: String) -> SettingValue? {
        guard let value = node[key], !value.isNull else { return nil }
        return Self.setting(value)
    }

    /// Whether the key is there, with null or anything else.
    func mentions(_ key: String) -> Bool { node[key] != nil }

    /// The settings inside a setting, where there is an object of that name.
    func object(_ key: String) -> HuggingFaceSettings? {
        guard let inner = node[key], inner.members != nil else { return nil }
        return HuggingFaceSettings(path: path, node: inner, place: "\(place)\(key).")
    }

    /// All members, each of which must be a text.
    func texts() throws -> [(name: String, value: String)] {
        try (node.members.map(Array.init) ?? []).map { member in
            let name = member.name.string ?? ""
            guard let text = member.value.string else { throw unsupported(name, Self.setting(member.value)) }
            return (name, text)
        }
    }

    private static func setting(_ node: JSONNode) -> SettingValue {
        if let bool = node.bool { return .bool(bool) }
        if let int = node.int { return .int(int) }
        if let double = node.double { return .number(double) }
        if let string = node.string { return .text(string) }
        guard let elements = node.elements.map(Array.init) else { return .other("an object") }
        let numbers = elements.compactMap(\.double)
        if numbers.count == elements.count { return .numbers(numbers) }
        let texts = elements.compactMap(\.string)
        return texts.count == elements.count ? .texts(texts) : .other("a list of \(elements.count)")
    }
}
