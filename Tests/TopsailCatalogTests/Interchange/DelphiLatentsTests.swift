import Foundation
import Testing
import TopsailCatalog
import TopsailCore
import TopsailFiles
import TopsailTensor

@Suite("delphi's latents") struct DelphiLatentsTests {
    /// One activation: row, position, latent from the file's first, value.
    typealias Entry = (row: UInt16, position: UInt16, latent: UInt16, value: Float16)

    /// Two rows of 40 tokens; token `i` of row `r` is `100 r + i`.
    static let tokens: [UInt16] = (0..<2).flatMap { row in (0..<40).map { UInt16(100 * row + $0) } }

    /// Writes a results folder with one split of the latents 10 … 12.
    private func run(
        _ entries: [Entry], tokens: [UInt16]? = DelphiLatentsTests.tokens, in place: InterchangeFolder,
        name: String = "10_12.safetensors"
    ) throws -> String {
        let folder = place.folder.path("run/latents/layers.6.mlp")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = #"{"dataset_repo":"some/corpus","model_name":"tiny","n_splits":5}"#
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
        var declared: [SafetensorsWriter.Declaration] = [
            .init("locations", .u16, [entries.count, 3]), .init("activations", .f16, [entries.count]),
        ]
        if let tokens { declared.append(.init("tokens", .u16, [tokens.count / 40, 40])) }
        let writer = try SafetensorsWriter(path: "\(folder)/\(name)", tensors: declared)
        try entries.flatMap { [$0.row, $0.position, $0.latent] }.withUnsafeBytes {
            try writer.append($0, to: "locations")
        }
        try entries.map(\.value).withUnsafeBytes { try writer.append($0, to: "activations") }
        if let tokens { try tokens.withUnsafeBytes { try writer.append($0, to: "tokens") } }
        try writer.finish()
        return place.folder.path("run")
    }

    @Test("become statistics, and contexts in the model's tokens around the largest activation of a row")
    func contexts() throws {
        let place = try InterchangeFolder()
        let entries: [Entry] = [
            (0, 3, 0, 1), (0, 4, 0, 2), (0, 39, 2, 4), (1, 20, 0, 8), (1, 21, 0, 0.5), (1, 0, 0, 7),
        ]
        let path = try run(entries, in: place)
        let report = try place.bring(.delphi, at: path)
        #expect(report.neurons == 2 && report.contexts == 3 && report.skipped.isEmpty)
        let first = try place.catalog.neuron(.named(sae: "layers.6.mlp", index: 10))
        #expect(first.statistics.firedCount == 5 && first.statistics.density == 5.0 / 80)
        #expect(first.row.max == 8 && first.sae.model == "tiny" && first.sae.hook == HookPoint(.mlpOut, layer: 6))
        // Activations are kept to 1/255 of the largest.
        #expect(first.contexts.map(\.max).map { $0.rounded() } == [8, 2])
        // 32 tokens around position 20 of row 1, and from the start of row 0.
        #expect(first.contexts[0].tokens == (104..<136).map { TokenID($0) })
        #expect(first.contexts[0].activations[16] == 8 && abs(first.contexts[0].activations[17] - 0.5) < 0.02)
        #expect(first.contexts[1].tokens == (0..<32).map { TokenID($0) })
        #expect(first.contexts.map(\.corpus) == ["delphi run", "delphi run"])
        let last = try place.catalog.neuron(.named(sae: "layers.6.mlp", index: 12))
        #expect(last.contexts.map(\.tokens) == [(8..<40).map { TokenID($0) }] && last.contexts[0].maxPosition == 31)
        let rows = try place.rows()
        #expect(try place.bring(.delphi, at: path) == report)
        #expect(try place.rows() == rows && place.catalog.check() == [])
    }

    @Test("the rows with the largest activations are kept, in whatever order they come")
    func strongest() throws {
        let place = try InterchangeFolder()
        let tokens = [UInt16](repeating: 7, count: 40 * 30)
        let strengths = (0..<30).map { ($0 * 7) % 30 + 1 }
        let entries: [Entry] = strengths.enumerated().map { (UInt16($0.offset), 5, 1, Float16($0.element)) }
        let path = try run(entries, tokens: tokens, in: place)
        try place.bring(.delphi, at: path)
        let detail = try place.catalog.neuron(.named(sae: "layers.6.mlp", index: 11))
        #expect(detail.contexts.map { $0.max.rounded() } == (21...30).reversed().map(Float.init))
    }

    @Test("an entry outside of the file, and codes that are not sparse, end the import and say where")
    func refused() throws {
        for stray in [(2, 0, 0, 1), (0, 40, 0, 1), (0, 0, 3, 1), (0, 0, 0, Float16.nan)] as [Entry] {
            let place = try InterchangeFolder()
            let path = try run([(0, 0, 0, 1), stray], in: place)
            let error = #expect(throws: InterchangeError.self) { try place.bring(.delphi, at: path) }
            #expect(error?.place == "entry 1" && error?.path.hasSuffix("10_12.safetensors") == true)
            #expect(try place.catalog.saes().count == 1)
        }
        let place = try InterchangeFolder()
        let all = (0..<121).map { (number: UInt16) -> Entry in (number / 40 % 2, number % 40, number % 3, 1) }
        let error = #expect(throws: InterchangeError.self) { try place.bring(.delphi, at: run(all, in: place)) }
        #expect(error?.problem.contains("sparse") == true && error?.hint != nil)
    }

    @Test("latents without the tokens that they fired on, or without a range, are told as left out")
    func skipped() throws {
        let place = try InterchangeFolder()
        let report = try place.bring(.delphi, at: run([(0, 0, 0, 1)], tokens: nil, in: place))
        #expect(report.neurons == 0)
        #expect(report.skipped.map(\.why) == ["latents were cached without the tokens that they fired on"])
    }
}
