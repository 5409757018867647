import Testing
import TopsailFiles
import TopsailTensor
import TopsailTestSupport

@Suite("GGUF files of the reference writer", .enabled(if: Fixtures.has("gguf"), "the fixtures are not there"))
struct GGUFFixtureTests {
    @Test("every type of setting has the expected value")
    func settings() throws {
        let expected = try Fixtures.json("gguf/odd-metadata/case.json")["metadata"].object ?? [:]
        let metadata = try GGUFFile(path: Fixtures.path("gguf/odd-metadata/model.gguf")).metadata
        #expect(metadata.keys.sorted() == expected.keys.sorted())
        for (key, value) in expected {
            let found = try #require(metadata[key])
            #expect(Self.matches(found, value), "\(key) is \(found), expected \(value)")
        }
    }

    /// The reference reader gives nested arrays as one flat list.
    private static func matches(_ found: MetadataValue, _ expected: JSONValue) -> Bool {
        switch (found, expected) {
        case (.bool(let found), .bool(let expected)): found == expected
        case (.string(let found), .string(let expected)): found.utf8.elementsEqual(expected.utf8)
        case (.float32(let found), _): Double(found) == expected.double
        case (.float64(let found), _): found == expected.double
        case (.uint64(let found), .unsigned(let expected)): found == expected
        case (.array(let found), .array(let expected)):
            zip(flattened(found), expected).allSatisfy(matches) && flattened(found).count == expected.count
        default: found.int != nil && found.int == expected.int
        }
    }

    private static func flattened(_ array: MetadataArray) -> [MetadataValue] {
        array.elements.flatMap { $0.array.map(flattened) ?? [$0] }
    }

    @Test("nested arrays keep their nesting")
    func nestedArrays() throws {
        let metadata = try GGUFFile(path: Fixtures.path("gguf/odd-metadata/model.gguf")).metadata
        #expect(metadata.array("a.nested")?.elements.map { $0.array?.ints } == [[1, 2], [3]])
        #expect(metadata.floats("a.f32") == [0.5, -0.25])
        #expect(metadata.ints("a.i32") == [1, -2, 3])
        #expect(metadata.array("a.bool")?.bools == [true, false, true])
    }

    @Test("tensors of one to four dimensions have the expected shapes and values")
    func tensors() throws {
        let expected = try Fixtures.json("gguf/odd-metadata/case.json")
        let file = try GGUFFile(path: Fixtures.path("gguf/odd-metadata/model.gguf"))
        #expect(file.alignment == expected["alignment"].int)
        for tensor in expected["tensors"].array ?? [] {
            let info = try file.require(#require(tensor["name"].string))
            #expect(info.dtype.name == tensor["type"].string)
            #expect(info.shape == tensor["dims_as_in_file"].ints?.reversed())
            let values = try file.floats(info.name).map(Double.init)
            let first = tensor["first"].array?.compactMap(\.double) ?? []
            #expect(!first.isEmpty && Array(values.prefix(first.count)) == first)
            #expect(abs(values.reduce(0, +) - (tensor["sum"].double ?? .nan)) < 1e-5)
        }
        #expect(try file.integers("ints") == Array(-3...8))
    }

    @Test("every block type widens to the reference's values, bit for bit", arguments: ["made", "random"])
    func blocks(kind: String) throws {
        let expected = try Fixtures.tensors("gguf/quant-blocks/blocks.safetensors")
        let folder = try TemporaryFolder()
        var compared = 0
        for type in DType.allCases {
            guard let blocks = expected.info("\(type.name).\(kind).blocks"), let number = type.ggufNumber else {
                continue
            }
            let values = try expected.require("\(type.name).\(kind).values")
            var builder = GGUFBuilder()
            builder.add("t", values.shape.map(UInt64.init), type: number, Array(expected.bytes(of: blocks)))
            let file = try GGUFFile(path: folder.file("\(type.name).gguf", builder.build()))
            let found = try file.floats("t").map(\.bitPattern)
            #expect(try found == expected.floats(values.name).map(\.bitPattern), "\(type.name)")
            compared += 1
        }
        #expect(compared >= 12)
    }

    @Test(
        "broken files are refused, each for its reason",
        arguments: Fixtures.names(in: "bad").filter { $0.hasPrefix("gguf-") })
    func brokenFiles(name: String) throws {
        let expected = try Fixtures.json("bad/\(name)/case.json")
        let path = Fixtures.path("bad/\(name)/\(expected["open"].string ?? "")")
        let error = try failure { _ = try GGUFFile(path: path) }
        #expect(error.reason.name == expected["error"].string, "\(error)")
        #expect(error.path == path && "\(error)".contains(path))
    }
}
