import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

/// SAEs as large as Gemma Scope's: 2,304 → 65,536. The files are holes but for a few values, so that they take no room.
@Suite("Large checkpoints", .serialized) struct LargeCheckpointTests {
    private static let (dIn, dSAE) = (2304, 65_536)

    /// - Parameter dtype: Of the matrices.
    private func checkpoint(_ dtype: DType, in folder: TemporaryFolder) throws -> String {
        let (dIn, dSAE) = (Self.dIn, Self.dSAE)
        let size = dtype.bytesPerBlock
        var offset = 0
        var entries: [String] = []
        for (name, shape) in [
            ("W_enc", [dIn, dSAE]), ("W_dec", [dSAE, dIn]), ("b_enc", [dSAE]), ("b_dec", [dIn]), ("threshold", [dSAE]),
        ] {
            let end = offset + shape.reduce(1, *) * size
            let extents = shape.map(String.init).joined(separator: ",")
            entries.append(
                #""\#(name)":{"dtype":"\#(dtype.name)","shape":[\#(extents)],"data_offsets":[\#(offset),\#(end)]}"#)
            offset = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        while header.count % 8 != 0 { header.append(0x20) }
        let path = folder.path("sae_weights.safetensors")
        let start = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + Data(header)
        try start.write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(start.count + offset))
        // Neuron 7 reads input 0 and writes output 1.
        let one: [UInt8] = dtype == .f32 ? [0, 0, 0x80, 0x3F] : [0x80, 0x3F]
        for place in [7, dIn * dSAE + 7 * dIn + 1] {
            try file.seek(toOffset: UInt64(start.count + place * size))
            try file.write(contentsOf: Data(one))
        }
        try file.close()
        try Data(
            #"{"architecture": "jumprelu", "d_in": \#(dIn), "d_sae": \#(dSAE), "metadata": {"sae_lens_version": "6"}}"#
                .utf8
        )
        .write(to: URL(fileURLWithPath: folder.path("cfg.json")))
        return folder.url.path
    }

    /// Memory of this process that no file backs, in bytes.
    private static var anonymousMemory: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 << 10 } ?? 0
    }

    @Test("opening and encoding take no copy of the weights and no dense features", arguments: [DType.f32, .bf16])
    func memory(dtype: DType) throws {
        let folder = try TemporaryFolder()
        let path = try checkpoint(dtype, in: folder)
        let before = Self.anonymousMemory
        let sae = try SAELoader.open(path: path)
        let opened = Self.anonymousMemory - before
        let tokens = 16
        var input = [Float](repeating: 0, count: tokens * Self.dIn)
        for token in 0..<tokens { input[token * Self.dIn] = Float(token) }
        let features = sae.encode(input, tokens: tokens)
        let encoded = Self.anonymousMemory - before
        for (token, row) in features.enumerated() {
            #expect(row.map(\.index) == (token == 0 ? [] : [7]))
            #expect(row.first?.value ?? 0 == Float(token))
        }
        var y = [Float](repeating: 0, count: Self.dIn)
        sae.decode(features[3], into: &y)
        #expect(y[1] == 3 && y.reduce(0, +) == 3)
        // One matrix in fp32 is 576 MiB. Other tests share the process, so that the bounds are wide.
        #expect(opened < 64 << 20, "opening took \(opened >> 20) MiB")
        #expect(encoded < 160 << 20, "encoding took \(encoded >> 20) MiB")
    }
}
