import Foundation
import TopsailCatalog
import TopsailTestSupport

/// What a small collection needs: the tiny Llama, an SAE of it, and a corpus that the program made from a file.
struct CollectSample {
    static let modelPath = "gguf/llama-f32/model.gguf"
    static var isThere: Bool { Fixtures.has(modelPath) }
    static let dModel = 64
    static let dSAE = 40

    let program: Program

    /// - Parameter texts: Sentences of the corpus, four a document.
    init(documents: Int = 400) throws {
        program = try Program()
        var random = SeededGenerator(seed: 21)
        func matrix(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &random) } }
        try FileManager.default.createDirectory(atPath: sae, withIntermediateDirectories: true)
        try ItemSample.write(
            [
                ("W_enc", [Self.dModel, Self.dSAE], matrix(Self.dModel * Self.dSAE)),
                ("b_enc", [Self.dSAE], (0..<Self.dSAE).map { _ in -1 }),
                ("W_dec", [Self.dSAE, Self.dModel], matrix(Self.dSAE * Self.dModel)),
                ("b_dec", [Self.dModel], Array(repeating: 0, count: Self.dModel)),
            ], to: sae + "/sae.safetensors")
        let names = ["Anna", "Boris", "Chen", "Dalia", "Emeka", "Farah", "Goran", "Hana"]
        let verbs = ["painted", "sold", "found", "mended", "borrowed", "carried", "hid", "polished"]
        let things = ["a lamp", "two boats", "the ladder", "an old map", "seven coins", "the piano", "nine shoes"]
        let lines = (0..<documents).map { index in
            let sentences = (0..<6).map { _ in
                [names, verbs, things].map { $0.randomElement(using: &random)! }.joined(separator: " ")
                    + " in \(Int.random(in: 1000...1999, using: &random))."
            }
            return "{\"topic\":\"general.t\(index % 3)\",\"text\":\"\(sentences.joined(separator: " "))\"}\n"
        }
        let file = try program.folder.file("texts.jsonl", Array(lines.joined().utf8))
        let added = try program.run("corpus", "add", file, "--to", corpus)
        guard added.status == 0 else { throw Failure(text: added.errors) }
    }

    struct Failure: Error { var text: String }

    var sae: String { program.folder.path("tiny-sae") }
    var corpus: String { program.folder.path("corpus") }

    /// What every collect command is told.
    var settings: [String] {
        ["--model", Fixtures.path(Self.modelPath), "--hook", "resid_post.0", "--corpus", corpus, "--sae", sae]
    }

    /// A new workspace with an empty catalog.
    func workspace(_ name: String) throws -> String {
        let path = program.folder.path(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let catalog = try Catalog(path: path + "/catalog.sqlite")
        try catalog.install(Taxonomy.decode(Data(TinyCatalog.taxonomyJSON.utf8), path: "taxonomy.json"))
        return path
    }

    /// Everything that a workspace's catalog says of its neurons.
    func export(_ workspace: String) throws -> Data {
        let path = workspace + "/all.jsonl"
        let result = try program.run("export", "jsonl", "--output", path, "--workspace", workspace)
        guard result.status == 0 else { throw Failure(text: result.errors) }
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// What one pass gives.
    func onePass() throws -> Data {
        let workspace = try workspace("one")
        let result = try program.run(["collect"] + settings + ["--workspace", workspace])
        guard result.status == 0 else { throw Failure(text: result.errors) }
        return try export(workspace)
    }
}
