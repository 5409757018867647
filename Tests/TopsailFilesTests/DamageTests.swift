import Testing
import TopsailFiles
import TopsailTestSupport

/// Files cut and changed at random: whatever a reader makes of them, it must not trap, and what it hands out must be
/// readable.
@Suite("Damaged files") struct DamageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a GGUF file cut anywhere is refused as cut")
    func cutGGUF() throws {
        let whole = GGUFBuilder.sample.build()
        let file = try RewrittenFile(path: folder.path("cut"))
        for length in 0..<whole.count {
            try file.write(whole.prefix(length))
            let error = try failure { _ = try GGUFFile(path: file.path) }
            #expect(error.reason.name == "truncated", "cut at \(length): \(error)")
        }
    }

    @Test("a safetensors file cut anywhere is refused as cut")
    func cutSafetensors() throws {
        let whole = try SafetensorsSample.bytes(in: folder)
        let file = try RewrittenFile(path: folder.path("cut"))
        for length in 0..<whole.count {
            try file.write(whole.prefix(length))
            let error = try failure { _ = try SafetensorsFile(path: file.path) }
            #expect(error.reason.name == "truncated", "cut at \(length): \(error)")
        }
    }

    @Test("a zip archive cut anywhere is refused", arguments: ZipSample.allCases)
    func cutZip(sample: ZipSample) throws {
        let whole = sample.bytes
        let file = try RewrittenFile(path: folder.path("cut"))
        for length in 0..<whole.count {
            try file.write(whole.prefix(length))
            _ = try failure { _ = try ZipArchive(path: file.path) }
        }
    }

    @Test("changed bytes never trap a reader", arguments: 1...4 as ClosedRange<UInt64>)
    func changedBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let samples =
            [GGUFBuilder.sample.build(), try SafetensorsSample.bytes(in: folder)] + ZipSample.allCases.map(\.bytes)
        let file = try RewrittenFile(path: folder.path("changed"))
        for round in 0..<2000 {
            for (kind, sample) in samples.enumerated() {
                var bytes = sample
                for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes, &random) }
                try file.write(bytes)
                do {
                    if kind < 2 {
                        try readAll(kind == 0 ? GGUFFile(path: file.path) : SafetensorsFile(path: file.path))
                    } else {
                        try readAll(ZipArchive(path: file.path))
                    }
                } catch is FileFormatError {
                    // Refused: as good as read.
                } catch {
                    Issue.record("seed \(seed), round \(round): \(error)")
                }
            }
        }
    }

    /// Sets a byte to a random value, to an extreme, or a run of them to all ones.
    private func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
        default: for i in place..<min(place + 8, bytes.count) { bytes[i] = 0xFF }
        }
    }

    private func readAll(_ archive: any TensorArchive) throws {
        for tensor in archive.tensors {
            #expect(archive.bytes(of: tensor).count == tensor.byteCount)
            _ = try? archive.floats(tensor.name)
        }
        for key in archive.metadata.keys { visit(archive.metadata[key]) }
    }

    private func visit(_ value: MetadataValue?) {
        guard let array = value?.array else { return }
        #expect(array.elements.count == array.count)
        _ = (array.strings, array.ints, array.floats, array.bools)
        array.elements.forEach(visit)
    }

    private func readAll(_ archive: ZipArchive) throws {
        for entry in archive.entries { _ = try? archive.contents(of: entry, limit: 1 << 20) }
    }
}
