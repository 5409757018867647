import Foundation
import Testing
import TopsailFiles
import TopsailTensor
import TopsailTestSupport

/// A small file with tensors of several types.
enum SafetensorsSample {
    static let weight: [Float] = [1, -2, 3.5, 4, 5, 6]
    static let ids: [Int64] = [-1, 0, 1 << 40]
    static let flags: [UInt8] = [1, 0, 1]

    static func write(to path: String) throws {
        try weight.withUnsafeBytes { weight in
            try ids.withUnsafeBytes { ids in
                try flags.withUnsafeBytes { flags in
                    try SafetensorsWriter.write(
                        [
                            (.init("flags", .bool, [3]), flags),
                            (.init("W \"é\" \\", .f32, [2, 3]), weight),
                            (.init("ids", .i64, [3]), ids),
                            (.init("none", .f32, [0, 4]), UnsafeRawBufferPointer(start: nil, count: 0)),
                        ], metadata: ["format": "pt", "note": "line\nbreak \u{1F}"], to: path)
                }
            }
        }
    }

    static func bytes(in folder: TemporaryFolder) throws -> [UInt8] {
        let path = folder.path("sample.safetensors")
        try write(to: path)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

@Suite("safetensors files") struct SafetensorsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("what is written is read back")
    func roundTrip() throws {
        let path = folder.path("a.safetensors")
        try SafetensorsSample.write(to: path)
        let file = try SafetensorsFile(path: path)
        #expect(Set(file.tensors.map(\.name)) == ["flags", "W \"é\" \\", "ids", "none"])
        #expect(file.info("W \"é\" \\")?.shape == [2, 3])
        #expect(try file.floats("W \"é\" \\") == SafetensorsSample.weight)
        #expect(try file.integers("ids") == SafetensorsSample.ids.map(Int.init))
        #expect(try file.integers("flags") == [1, 0, 1])
        #expect(try file.floats("flags") == [1, 0, 1])
        #expect(try file.floats("none") == [])
        #expect(file.metadata.string("format") == "pt")
        #expect(file.metadata.string("note") == "line\nbreak \u{1F}")
    }

    @Test("tensors are aligned to their type, whatever their order")
    func alignment() throws {
        let path = folder.path("a.safetensors")
        try SafetensorsSample.write(to: path)
        for tensor in try SafetensorsFile(path: path).tensors {
            #expect(tensor.offset % tensor.dtype.bytesPerBlock == 0, "\(tensor.name)")
        }
    }

    @Test("a dump may come in pieces, several tensors in turn")
    func pieces() throws {
        let path = folder.path("dump.safetensors")
        let writer = try SafetensorsWriter(path: path, tensors: [.init("x", .f32, [100, 2]), .init("t", .i32, [100])])
        for row in 0..<100 {
            try [Float(row), Float(-row)].withUnsafeBufferPointer { try writer.append($0, to: "x") }
            try withUnsafeBytes(of: Int32(row).littleEndian) { try writer.append($0, to: "t") }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        try writer.finish()
        let file = try SafetensorsFile(path: path)
        #expect(try file.floats("x") == (0..<100).flatMap { [Float($0), Float(-$0)] })
        #expect(try file.integers("t") == Array(0..<100))
    }

    @Test("a dump that is given up leaves nothing behind")
    func abandoned() throws {
        do {
            let writer = try SafetensorsWriter(path: folder.path("dump.safetensors"), tensors: [.init("x", .f32, [2])])
            try [Float(1)].withUnsafeBufferPointer { try writer.append($0, to: "x") }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test(
        "a broken header is refused for its reason",
        arguments: [
            (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} {"#, "corrupt"),
            (#"{"t":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#, "unsupported"),
            (#"{"t":{"dtype":"Q8_0","shape":[32],"data_offsets":[0,8]}}"#, "unsupported"),
            (#"{"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,8]}}"#, "outOfRange"),
            (#"{"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, "outOfRange"),
            (
                #"{"t":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775808]}}"#,
                "outOfRange"
            ),
            (#"{"t":{"dtype":"F32","shape":[2],"data_offsets":[1000000,1000008]}}"#, "outOfRange"),
            (#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "corrupt"),
            (#"{"t":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, "truncated"),
            (
                #"{"t":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"#
                    + #""u":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
                "corrupt"
            ),
            (
                #"{"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
                    + #""t":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
                "corrupt"
            ),
            (#"{"__metadata__":{"k":1},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "corrupt"),
            (#"{"__metadata__":{"k":"\ud800"},"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, "corrupt"),
        ])
    func brokenHeader(header: String, reason: String) throws {
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        let path = try folder.file("broken", length + Array(header.utf8) + [UInt8](repeating: 0, count: 8))
        let error = try failure { _ = try SafetensorsFile(path: path) }
        #expect(error.reason.name == reason, "\(error)")
    }

    @Test("a header length past the file is refused at once")
    func headerLength() throws {
        let path = try folder.file("broken", [UInt8](repeating: 0xFF, count: 8) + Array("{}".utf8))
        #expect(try failure { _ = try SafetensorsFile(path: path) }.reason.name == "outOfRange")
    }
}
