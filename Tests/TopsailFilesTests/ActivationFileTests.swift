import Foundation
import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("Activations and labels from files") struct ActivationFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("rows come from an npy file, whose one tensor needs no name; heads lie side by side")
    func rows() throws {
        let file = try ActivationFile(path: folder.file("a.npy", NPYBuilder(shape: "(2, 1, 3)").build()))
        #expect(file.items == 2 && file.width == 3)
        var values = [Float](repeating: 0, count: 3)
        file.read(1..<2, into: &values)
        #expect(values == [3, 4, 5])
    }

    @Test("items of several positions are read row by row, through all of them")
    func positions() throws {
        let file = try ActivationFile(path: folder.file("a.npy", NPYBuilder(shape: "(1, 3, 2)").build()))
        #expect(file.positions(ofWidth: 6) == 1 && file.positions(ofWidth: 2) == 3 && file.positions(ofWidth: 3) == nil)
        var values = [Float](repeating: 0, count: 4)
        file.read(rows: 1..<3, positions: 3, into: &values)
        #expect(values == [2, 3, 4, 5])
    }

    @Test("a vector is no rows of activations")
    func vector() throws {
        let path = try folder.file("a.npy", NPYBuilder(shape: "(6,)").build())
        #expect(try failure { _ = try ActivationFile(path: path) }.description.contains("rows of activations"))
    }

    @Test("labels are read from JSON, CSV, lines and npy")
    func labels() throws {
        func read(_ name: String, _ bytes: [UInt8]) throws -> [String] { try ItemLabels.read(folder.file(name, bytes)) }
        #expect(try read("a.json", Array(#"["cat", 3, {"label": "dog"}]"#.utf8)) == ["cat", "3", "dog"])
        #expect(try read("a.csv", Array("id,label\n1,\"a, \"\"b\"\"\"\n2,c\n".utf8)) == ["a, \"b\"", "c"])
        #expect(try read("a.txt", Array("x\r\ny\n".utf8)) == ["x", "y"])
        #expect(try read("b.txt", Array("x\n\ny".utf8)) == ["x", "", "y"])
        #expect(try read("a.jsonl", Array("\"a\"\n{\"name\": \"b c\"}\n7\n".utf8)) == ["a", "b c", "7"])
        let text = NPYBuilder(
            descr: "'<U2'", shape: "(2,)", data: [0x61, 0, 0, 0, 0xE9, 0, 0, 0, 0x62, 0, 0, 0, 0, 0, 0, 0])
        #expect(try read("a.npy", text.build()) == ["aé", "b"])
        #expect(throws: FileFormatError.self) { try read("b.json", Array("[[1]]".utf8)) }
        #expect(try failure { _ = try read("b.jsonl", Array("1\n{\"x\": 2}".utf8)) }.description.contains("line 2"))
    }
}
