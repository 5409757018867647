import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// A small model with random weights, and what transformers computed with it in fp32.
struct ModelFixture: CustomTestStringConvertible, Sendable {
    /// Below the fixtures' root, e.g. `models/gemma3` or `gguf/qwen3-q8_0`.
    let folder: String

    var testDescription: String { folder }

    /// All that are there: Hugging Face folders and GGUF files.
    static let all: [ModelFixture] = {
        let folders = Fixtures.names(in: "models").map { "models/\($0)" }
        let files = Fixtures.names(in: "gguf").map { "gguf/\($0)" }.filter { Fixtures.has("\($0)/model.gguf") }
        return (folders + files).map(ModelFixture.init).filter { Fixtures.has("\($0.folder)/expected.safetensors") }
    }()

    private var isGGUF: Bool { folder.hasPrefix("gguf/") }

    /// Absolute and relative, as the fixtures' page states it.
    var tolerance: Float { isGGUF ? 2e-4 : 1e-4 }

    func open() throws -> LanguageModel {
        try LanguageModel.open(path: Fixtures.path(isGGUF ? "\(folder)/model.gguf" : folder))
    }

    func expected() throws -> SafetensorsFile { try Fixtures.tensors("\(folder)/expected.safetensors") }
    func description() throws -> JSONValue { try Fixtures.json("\(folder)/case.json") }

    static func ids(_ file: SafetensorsFile, _ prompt: String) throws -> [TokenID] {
        try file.integers("\(prompt).input_ids").map { TokenID($0) }
    }

    /// Compares values element by element and names the first that is too far off.
    func expectNear(_ values: UnsafePointer<Float>, _ expected: [Float], _ name: String) {
        let far = expected.indices.first {
            !(abs(values[$0] - expected[$0]) <= tolerance + tolerance * abs(expected[$0]))
        }
        if let far { Issue.record("\(folder) \(name)[\(far)]: \(values[far]), expected \(expected[far])") }
    }
}
