import Foundation
import TopsailCore
import TopsailFiles
import TopsailSAE
import TopsailTensor

/// Opening an SAE as large as Gemma Scope's and encoding a prompt with it: time, and memory that no file backs.
struct LargeSAEBenchmark {
    let machine: Machine
    private let dIn = 2304
    private let dSAE = 65_536
    private let tokens = 64

    func run(_ report: (String) -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("topsail-bench-\(getpid())-sae")
        defer { try? FileManager.default.removeItem(at: folder) }
        try LargeCheckpoint(dIn: dIn, dSAE: dSAE).write(to: folder.path)
        let before = ProcessMemory.anonymous
        let sae = try SAELoader.open(path: folder.path)
        let opened = ProcessMemory.anonymous - before
        let name = "\(dIn) x \(dSAE)"
        report(try Measurement.of("open SAE, \(name)") { sink(try SAELoader.open(path: folder.path)) }.report)

        let x = FloatMatrix(rows: tokens, columns: dIn)
        var random = SeededGenerator(seed: 5)
        for i in 0..<x.count { x.pointer[i] = Float(random.nextUnit() * 2 - 1) }
        let start = ProcessMemory.anonymous
        let sampler = ProcessMemory.Sampler()
        let features = sae.encode(x.pointer, tokens: tokens)
        let encoded = sampler.finish() - start
        let limit = 2 * Double(tokens * dIn * dSAE) / machine.gemmRate * 1000
        report(
            Measurement.of(
                "SAE encode, \(tokens) x \(name)", count: 7, work: (Double(tokens), "token"),
                bound: (limit, "fp32 GEMM limit")
            ) { sink(sae.encode(x.pointer, tokens: tokens)) }.report)
        let mib = { (bytes: Int) in String(format: "%.1f", Double(bytes) / 1_048_576) }
        report(
            "memory without a file behind it: opening \(mib(opened)) MiB, encoding \(mib(encoded)) MiB at most for "
                + "\(features.joined().count) active neurons; dense features would be \(mib(4 * tokens * dSAE)) MiB, a matrix of "
                + "weights \(mib(4 * dIn * dSAE)) MiB")
    }
}

/// A JumpReLU SAE in SAELens layout in which about one neuron in a thousand fires on even noise.
private struct LargeCheckpoint {
    let dIn: Int
    let dSAE: Int

    /// Writes 8 · d_in · d_sae bytes. One block of random numbers is repeated, which makes no difference to the work.
    func write(to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let configuration = """
            {"architecture": "jumprelu", "d_in": \(dIn), "d_sae": \(dSAE), "apply_b_dec_to_input": false,
             "metadata": {"sae_lens_version": "6", "hook_name": "blocks.20.hook_resid_post"}}
            """
        try AtomicFile.write(configuration, to: folder + "/cfg.json")
        let writer = try SafetensorsWriter(
            path: folder + "/sae_weights.safetensors",
            tensors: [
                .init("W_enc", .f32, [dIn, dSAE]), .init("W_dec", .f32, [dSAE, dIn]), .init("b_enc", .f32, [dSAE]),
                .init("b_dec", .f32, [dIn]), .init("threshold", .f32, [dSAE]),
            ])
        let block = FloatMatrix(rows: dIn, columns: dSAE / 64)
        var random = SeededGenerator(seed: 4)
        // Pre-activations then have variance 1.
        let scale = 3 / Double(dIn).squareRoot()
        for i in 0..<block.count { block.pointer[i] = Float((random.nextUnit() * 2 - 1) * scale) }
        for row in 0..<dIn { for _ in 0..<64 { try writer.append(UnsafeBufferPointer(block.row(row)), to: "W_enc") } }
        let all = UnsafeBufferPointer(start: block.pointer, count: block.count)
        for _ in 0..<64 { try writer.append(all, to: "W_dec") }
        for (name, count, value) in [("b_enc", dSAE, Float(0)), ("b_dec", dIn, 0), ("threshold", dSAE, 3.1)] {
            try [Float](repeating: value, count: count).withUnsafeBufferPointer { try writer.append($0, to: name) }
        }
        try writer.finish()
    }
}
