import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

/// Architectures without a public layout, in the project's own; and ensembles.
@Suite("Research architectures") struct ResearchArchitectureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes a SAELens folder; `W_enc` is row-major `[d_in, outputs]`.
    private func write(
        _ name: String, _ configuration: String, _ tensors: [(String, [Int], [Float])]
    ) throws -> String {
        let path = folder.path(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: "\(path)/cfg.json"))
        let writer = try SafetensorsWriter(
            path: "\(path)/sae_weights.safetensors", tensors: tensors.map { .init($0.0, .f32, $0.1) })
        for (name, _, values) in tensors { try values.withUnsafeBufferPointer { try writer.append($0, to: name) } }
        try writer.finish()
        return path
    }

    /// Four neurons that read and write the coordinates of two dimensions and their opposites.
    private func cross(_ name: String, _ configuration: String, bias: [Float] = [0, 0]) throws -> String {
        try write(
            name,
            #"{"d_in": 2, "d_sae": 4, "apply_b_dec_to_input": false, "metadata": {"sae_lens_version": "6"}, "#
                + configuration + "}",
            [
                ("W_enc", [2, 4], [1, -1, 0, 0, 0, 0, 1, -1]), ("W_dec", [4, 2], [1, 0, -1, 0, 0, 1, 0, -1]),
                ("b_enc", [4], [0, 0, 0, 0]), ("b_dec", [2], bias),
            ])
    }

    private func open(_ path: String, _ options: [String: String] = [:]) throws -> any SparseAutoencoder {
        try SAELoader.open(path: path, options: options)
    }

    @Test("HierarchicalTopK takes any k up to the largest")
    func hierarchical() throws {
        let path = try cross("h", #""architecture": "hierarchical_topk", "k": 2"#)
        #expect(try DenseResult(open(path), [3, -2]).features == [3, 0, 0, 2])
        #expect(try DenseResult(open(path, ["k": "1"]), [3, -2]).features == [3, 0, 0, 0])
        #expect(failure { try open(path, ["k": "3"]) }?.contains("at most 2") == true)
    }

    @Test("Mutual Choice keeps the largest of all tokens together")
    func mutualChoice() throws {
        let sae = try open(cross("m", #""architecture": "mutual_choice", "k": 1"#))
        #expect(sae.needsWholeSequence)
        #expect(DenseResult(sae, [3, -2, 1, 0.5]).features == [3, 0, 0, 2, 0, 0, 0, 0])
    }

    @Test("Feature Choice lets each neuron keep its strongest tokens")
    func featureChoice() throws {
        let sae = try open(cross("f", #""architecture": "feature_choice", "share": 0.5"#))
        #expect(sae.needsWholeSequence)
        #expect(DenseResult(sae, [3, -2, 1, 0.5]).features == [3, 0, 0, 2, 0, 0, 0.5, 0].map { $0 })
    }

    @Test("a variational SAE hands out its means, signs and all")
    func variational() throws {
        let sae = try open(cross("v", #""architecture": "variational""#))
        #expect(DenseResult(sae, [3, -2]).features == [3, -3, -2, 2])
        #expect(DenseResult(sae, [3, -2]).reconstruction == [6, -4])
    }

    @Test("a KronSAE's neurons are pairs of factors that are both on")
    func kron() throws {
        // One head, two base and two extension factors: x0, x1 and x0, -x1.
        let path = try write(
            "k",
            #"{"d_in": 2, "d_sae": 4, "architecture": "kronsae", "n_heads": 1, "base_factors": 2, "extension_factors": 2, "#
                + #""apply_b_dec_to_input": false, "k": 2, "metadata": {"sae_lens_version": "6"}}"#,
            [
                ("W_enc", [2, 4], [1, 0, 1, 0, 0, 1, 0, -1]), ("W_dec", [4, 2], [1, 0, 0, 1, 1, 1, 0, 0]),
                ("b_enc", [4], [0, 0, 0, 0]), ("b_dec", [2], [0, 0]),
            ])
        // p = (4, 1), q = (4, 0): only neurons 0 (4·4) and 2 (1·4).
        #expect(try DenseResult(open(path), [4, 1]).features == [4, 0, 2, 0])
        #expect(try DenseResult(open(path), [4, 1]).reconstruction == [6, 2])
        #expect(try DenseResult(open(path, ["k": "1"]), [4, 1]).features == [4, 0, 0, 0])
    }

    @Test("bagging averages reconstructions, boosting reads what is left; features stand side by side")
    func ensembles() throws {
        _ = try cross("e/a", #""architecture": "topk", "k": 1"#)
        _ = try cross("e/b", #""architecture": "topk", "k": 1"#, bias: [0, 1])
        func manifest(_ kind: String) throws {
            try Data(#"{"ensemble": "\#(kind)", "members": ["a", "b"]}"#.utf8)
                .write(to: URL(fileURLWithPath: folder.path("e/ensemble.json")))
        }
        try manifest("bagging")
        let bag = DenseResult(try open(folder.path("e")), [3, -2])
        #expect(bag.features == [3, 0, 0, 0, 3, 0, 0, 0])
        #expect(bag.reconstruction == [3, 0.5])
        try manifest("boosting")
        let boosted = try open(folder.path("e"))
        #expect(boosted.info.dSAE == 8 && boosted.info.architecture == .boosting)
        #expect(DenseResult(boosted, [3, -2]).features == [3, 0, 0, 0, 0, 0, 0, 2])
        #expect(DenseResult(boosted, [3, -2]).reconstruction == [3, -1])
    }

    @Test("an ensemble's members stay below its folder")
    func members() throws {
        for member in ["../a", "/etc", ""] {
            let path = folder.path("bad-\(member.count)")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(#"{"ensemble": "bagging", "members": ["\#(member)"]}"#.utf8)
                .write(to: URL(fileURLWithPath: "\(path)/ensemble.json"))
            #expect(failure { try open(path) }?.contains("members") == true)
        }
    }

    @Test("one SAE of several layers lists them and reads where it is told")
    func shared() throws {
        let path = try cross(
            "s",
            #""architecture": "topk", "k": 1, "hook_names": ["blocks.3.hook_resid_post", "blocks.4.hook_resid_post"]"#)
        #expect(try open(path).info.hook == nil)
        #expect(try open(path).info.parameters["layers"] == .list([.int(3), .int(4)]))
        #expect(try open(path, ["layer": "4"]).info.hook?.description == "resid_post.4")
    }
}
