import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("PyTorch files") struct TorchFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ bytes: [UInt8]) throws -> any TensorArchive {
        try ArchiveReader.open(folder.file("ae.pt", bytes))
    }

    private func refused(
        _ pickle: PickleBuilder, sourceLocation: SourceLocation = #_sourceLocation
    ) throws
        -> FileFormatError
    {
        try failure(sourceLocation: sourceLocation) { _ = try open(pickle.zip()) }
    }

    @Test("views are read through their strides and offsets, and share a storage")
    func strides() throws {
        var pickle = PickleBuilder()
        pickle.op("}")
        pickle.op("(")
        pickle.text("plain")
        pickle.tensor(count: 6, shape: [2, 3], strides: [3, 1])
        pickle.text("transposed")
        pickle.tensor(count: 6, shape: [3, 2], strides: [1, 3])
        pickle.text("tail")
        pickle.tensor(count: 6, offset: 4, shape: [2], strides: [1])
        pickle.text("repeated")
        pickle.tensor(count: 6, offset: 5, shape: [2, 2], strides: [0, 0])
        pickle.text("scalar")
        pickle.tensor(count: 6, offset: 3, shape: [], strides: [])
        pickle.op("u")
        let archive = try open(pickle.zip())
        #expect(try archive.floats("plain") == [0, 1, 2, 3, 4, 5])
        #expect(try archive.floats("transposed") == [0, 3, 1, 4, 2, 5])
        #expect(try archive.floats("tail") == [4, 5])
        #expect(try archive.floats("repeated") == [5, 5, 5, 5])
        #expect(try archive.floats("scalar") == [3])
        let info = try archive.require("transposed")
        #expect(Array(archive.bytes(of: info)) == NPYBuilder.floats(0, 3, 1, 4, 2, 5))
    }

    @Test("numbers and texts beside the tensors are metadata, nested names are joined")
    func metadata() throws {
        let pickle = PickleBuilder.dictionary("ae") { pickle in
            pickle.op("}")
            pickle.op("(")
            pickle.text("W")
            pickle.tensor(count: 6, shape: [6], strides: [1])
            pickle.text("k")
            pickle.int(32)
            pickle.text("name")
            pickle.text("TopK")
            pickle.text("rate")
            pickle.op("G")
            for byte in NPYBuilder.bytes(Double(0.5).bitPattern.bigEndian) { pickle.raw(byte) }
            pickle.text("big")
            pickle.raw(0x8A, 8, 0, 0, 0, 0, 1, 0, 0, 0)
            pickle.text("small")
            pickle.raw(0x8A, 1, 0xFF)
            pickle.text("on")
            pickle.raw(0x88)
            pickle.text("dtype")
            pickle.global("torch", "bfloat16")
            pickle.op("u")
        }
        let archive = try open(pickle.zip())
        #expect(archive.tensors.map(\.name) == ["ae.W"])
        #expect(archive.metadata.int("ae.k") == 32)
        #expect(archive.metadata.string("ae.name") == "TopK")
        #expect(archive.metadata.float("ae.rate") == 0.5)
        #expect(archive.metadata.int("ae.big") == 1 << 32)
        #expect(archive.metadata.int("ae.small") == -1)
        #expect(archive.metadata.bool("ae.on") == true)
        #expect(archive.metadata.string("ae.dtype") == "torch.bfloat16")
    }

    @Test("a tensor may be the whole value; big-endian storages are turned")
    func rootAndByteOrder() throws {
        var pickle = PickleBuilder()
        pickle.tensor(count: 2, shape: [2], strides: [1])
        let bytes = [Float(1.5), -2].flatMap { NPYBuilder.bytes($0.bitPattern.bigEndian) }
        let archive = try open(pickle.zip(storages: ["0": bytes], byteOrder: "big"))
        #expect(archive.tensors.map(\.name) == ["ae"])
        #expect(try archive.floats("ae") == [1.5, -2])
    }

    @Test(
        "a global that is no part of a tensor is refused by name, before anything is done",
        arguments: [
            ("os", "system"), ("builtins", "eval"), ("numpy", "dtype"), ("torch._utils", "_rebuild_sparse_tensor"),
        ])
    func globals(module: String, name: String) throws {
        let error = try refused(
            PickleBuilder.dictionary { pickle in
                pickle.global(module, name)
                pickle.text("touch /tmp/never")
                pickle.raw(0x85)
                pickle.op("R")
            })
        #expect(error.reason.name == "refused" && error.description.contains("\(module).\(name)"), "\(error)")
    }

    @Test(
        "opcodes that import or build in other ways are refused by name",
        arguments: [
            (0x93, "STACK_GLOBAL"), (0x81, "NEWOBJ"), (0x82, "EXT1"), (0x95, "FRAME"), (0x6F, "OBJ"), (0x69, "INST"),
            (0x50, "PERSID"), (0x42, "BINBYTES"),
        ] as [(UInt8, String)])
    func opcodes(opcode: UInt8, name: String) throws {
        let error = try refused(
            PickleBuilder.dictionary { pickle in
                pickle.text("os")
                pickle.text("system")
                pickle.raw(opcode)
            })
        #expect(error.reason.name == "refused" && error.description.contains(name), "\(error)")
    }

    @Test("calls on harmless names with the wrong arguments, and states of other things, are refused")
    func calls() throws {
        _ = try refused(
            PickleBuilder.dictionary {
                $0.global("torch", "FloatStorage")
                $0.op(")")
                $0.op("R")
            })
        _ = try refused(
            PickleBuilder.dictionary {
                $0.text("a")
                $0.op(")")
                $0.op("R")
            })
        _ = try refused(
            PickleBuilder.dictionary {
                $0.op("]")
                $0.op("}")
                $0.op("b")
            })
    }

    @Test(
        "a tensor that reaches outside its storage is refused",
        arguments: [
            ([7], [1], 0), ([2, 3], [4, 1], 0), ([3], [1], 4), ([3], [-1], 3), ([1], [1], -1),
            ([2_000_000_000, 2_000_000_000], [0, 0], 0), ([2_000_000_000, 2], [2_000_000_000, 2_000_000_000], 0),
        ] as [([Int32], [Int32], Int32)])
    func reach(shape: [Int32], strides: [Int32], offset: Int32) throws {
        _ = try refused(
            PickleBuilder.dictionary { $0.tensor(count: 6, offset: offset, shape: shape, strides: strides) })
    }

    @Test("storages are named plainly, are there, and have the announced size")
    func storages() throws {
        for key in ["../../etc/passwd", "", "1"] {
            _ = try refused(PickleBuilder.dictionary { $0.tensor(key: key, count: 6, shape: [1], strides: [1]) })
        }
        for count in [5, 7, Int32.max] {
            _ = try refused(PickleBuilder.dictionary { $0.tensor(count: count, shape: [1], strides: [1]) })
        }
    }

    @Test("values that hold themselves or nest without end are refused")
    func nesting() throws {
        _ = try refused(
            PickleBuilder.dictionary {
                $0.op("]")
                $0.raw(0x71, 1)
                $0.raw(0x68, 1)
                $0.op("a")
            })
        _ = try refused(
            PickleBuilder.dictionary { pickle in
                for _ in 0..<100_000 { pickle.op("]") }
                for _ in 0..<99_999 { pickle.op("a") }
            })
        // Thirty lists, each holding the one before it many times, would be 10^30 values.
        _ = try refused(
            PickleBuilder.dictionary { pickle in
                pickle.op(")")
                for place in 0..<UInt8(29) {
                    pickle.raw(0x71, place)
                    pickle.op("(")
                    for _ in 0..<10 { pickle.raw(0x68, place) }
                    pickle.op("t")
                }
            })
    }

    @Test("files cut or changed at random never trap", arguments: 1...2 as ClosedRange<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = PickleBuilder.dictionary { $0.tensor(count: 6, shape: [3, 2], strides: [1, 3]) }.zip()
        let file = try RewrittenFile(path: folder.path("changed.pt"))
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            try file.write(bytes)
            guard let archive = try? ArchiveReader.open(file.path) else { continue }
            for tensor in archive.tensors where tensor.elementCount < 1 << 20 { _ = try? archive.floats(tensor.name) }
        }
    }
}
