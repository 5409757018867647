import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("NumPy arrays") struct NPYTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(_ builder: NPYBuilder, _ name: String = "acts.npy") throws -> any TensorArchive {
        try ArchiveReader.open(folder.file(name, builder.build()))
    }

    @Test("all header versions are read, and the tensor goes by the file's name", arguments: [1, 2, 3] as [UInt8])
    func versions(version: UInt8) throws {
        let archive = try open(NPYBuilder(version: version))
        #expect(archive.tensors.map(\.name) == ["acts"])
        #expect(archive.tensors[0].shape == [2, 3] && archive.tensors[0].dtype == .f32)
        #expect(try archive.floats("acts") == [0, 1, 2, 3, 4, 5])
    }

    @Test("Fortran order is read in row-major order")
    func fortran() throws {
        let archive = try open(NPYBuilder(isFortran: true, data: NPYBuilder.floats(0, 3, 1, 4, 2, 5)))
        #expect(try archive.floats("acts") == [0, 1, 2, 3, 4, 5])
        let bytes = archive.bytes(of: archive.tensors[0])
        #expect(Array(bytes) == NPYBuilder.floats(0, 1, 2, 3, 4, 5))
        #expect(try !archive.view(of: archive.tensors[0]).isContiguous)
    }

    @Test("big-endian numbers are turned")
    func bigEndian() throws {
        let data = [1.5, -2, 0.25, 8, 9, 10].flatMap { NPYBuilder.bytes(Float($0).bitPattern.bigEndian) }
        #expect(try open(NPYBuilder(descr: "'>f4'", data: data)).floats("acts") == [1.5, -2, 0.25, 8, 9, 10])
        let integers = [1, 2, 3, 4, 5, -6].flatMap { NPYBuilder.bytes(Int64($0).bigEndian) }
        #expect(try open(NPYBuilder(descr: "'>i8'", data: integers)).integers("acts") == [1, 2, 3, 4, 5, -6])
    }

    @Test("scalars, empty arrays and Python 2's long integers are read")
    func shapes() throws {
        #expect(try open(NPYBuilder(shape: "()", data: NPYBuilder.floats(7))).floats("acts") == [7])
        #expect(try open(NPYBuilder(shape: "(0, 3)", data: [])).floats("acts") == [])
        #expect(try open(NPYBuilder(shape: "(6L,)")).tensors[0].shape == [6])
    }

    @Test(
        "what is not an array of numbers is refused by name",
        arguments: [
            ("'|O'", "refused", "objects"), ("'<c8'", "unsupported", "<c8"),
            ("[('a', '<f4')]", "unsupported", "structured"),
            ("'<U5'", "unsupported", "texts"), ("'<M8[ns]'", "unsupported", "M8"),
        ])
    func types(descr: String, reason: String, word: String) throws {
        let error = try failure { _ = try open(NPYBuilder(descr: descr, shape: "(0,)", data: [])) }
        #expect(error.reason.name == reason && error.description.contains(word), "\(error)")
    }

    @Test(
        "a header that lies is refused before anything is allocated",
        arguments: [
            ("(2, 4)", "truncated"), ("(2, 2)", "corrupt"), ("(4611686018427387904, 8)", "outOfRange"),
            ("(-1, 3)", "corrupt"), ("(2.5, 3)", "corrupt"), ("((2, 3), 3)", "corrupt"),
        ])
    func lies(shape: String, reason: String) throws {
        #expect(try failure { _ = try open(NPYBuilder(shape: shape)) }.reason.name == reason)
    }

    @Test("a file cut anywhere is refused")
    func cut() throws {
        let whole = NPYBuilder().build()
        for length in 0..<whole.count {
            let path = try folder.file("cut.npy", whole.prefix(length))
            _ = try failure { _ = try ArchiveReader.open(path) }
        }
    }
}

@Suite("npz archives") struct NPZTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("members are tensors by their names")
    func members() throws {
        var zip = ZipBuilder()
        zip.add("W_enc.npy", NPYBuilder().build())
        zip.add("threshold.npy", NPYBuilder(shape: "(6,)").build())
        zip.add("names.npy", NPYBuilder(descr: "'<U1'", shape: "(1,)", data: [0x61, 0, 0, 0]).build())
        let archive = try ArchiveReader.open(folder.file("params.npz", zip.build()))
        #expect(archive is NPZFile)
        #expect(archive.tensors.map(\.name) == ["W_enc", "threshold"])
        #expect(try archive.floats("threshold") == [0, 1, 2, 3, 4, 5])
    }

    @Test("a member with more or less data than its shape takes is refused", arguments: [1, -1])
    func sizes(extra: Int) throws {
        var zip = ZipBuilder()
        let member = NPYBuilder().build()
        zip.add("W_enc.npy", extra > 0 ? member + [0] : Array(member.dropLast()))
        let error = try failure { _ = try ArchiveReader.open(folder.file("params.npz", zip.build())) }
        #expect(error.description.contains("W_enc"), "\(error)")
        #expect(error.reason.name == (extra > 0 ? "outOfRange" : "truncated"))
    }

    @Test(
        "a small file that inflates to a large one is refused at once",
        .enabled(if: Fixtures.has("sae/bad/npz-inflate-bomb"), "the fixtures are not there"))
    func bomb() throws {
        let path = Fixtures.path("sae/bad/npz-inflate-bomb/ckpt/layer_20/width_16k/average_l0_71/params.npz")
        let error = try failure { _ = try ArchiveReader.open(path) }
        #expect(error.reason.name == "outOfRange" && error.description.contains("W_enc"))
    }
}
