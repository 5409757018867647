import Testing
import TopsailFiles
import TopsailTestSupport

@Suite("Broken GGUF files") struct GGUFRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var reason: String
        var change: @Sendable (inout GGUFBuilder) -> Void

        init(_ text: String, _ reason: String, _ change: @escaping @Sendable (inout GGUFBuilder) -> Void) {
            testDescription = text
            self.reason = reason
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("another magic", "notThisFormat") { $0.magic = Array("GGUX".utf8) },
        Case("version 1", "unsupported") { $0.version = 1 },
        Case("big-endian", "unsupported") { $0.version = 3 << 24 },
        Case("countless tensors", "outOfRange") { $0.tensorCount = 1 << 60 },
        Case("countless settings", "outOfRange") { $0.settingCount = .max },
        Case("a text longer than memory", "outOfRange") { $0.set("k", type: 8, GGUFBuilder.bytes(UInt64.max)) },
        Case("an array longer than memory", "outOfRange") {
            $0.set("k", type: 9, GGUFBuilder.bytes(UInt32(5)) + GGUFBuilder.bytes(UInt64(1) << 61))
        },
        Case("an unknown value type", "unsupported") { $0.set("k", type: 13, [0]) },
        Case("a bool of 2", "corrupt") { $0.set("k", type: 7, [2]) },
        Case("arrays in arrays without end", "unsupported") {
            let opening = GGUFBuilder.bytes(UInt32(9)) + GGUFBuilder.bytes(UInt64(1))
            $0.set("k", type: 9, (0..<100_000).flatMap { _ in opening })
        },
        Case("a setting twice", "corrupt") { $0.set("general.architecture", "ketch") },
        Case("an alignment of 24", "corrupt") { $0.set("general.alignment", 24) },
        Case("an alignment of 0", "corrupt") { $0.set("general.alignment", 0) },
        Case("an alignment that is a text", "wrongType") { $0.set("general.alignment", "32") },
        Case("a tensor twice", "corrupt") { $0.add("weight", [1], [1]) },
        Case("an unknown tensor type", "unsupported") { $0.add("t", [1], type: 99, [0]) },
        Case("a known type that is not read", "unsupported") { $0.add("t", [256], type: 16, [0]) },
        Case("rows that are no whole blocks", "corrupt") {
            $0.add("t", [2, 16], type: 8, .init(repeating: 0, count: 34))
        },
        Case("nine dimensions", "corrupt") { $0.add("t", .init(repeating: 1, count: 9), [1]) },
        Case("more elements than can be counted", "outOfRange") { $0.add("t", [1 << 40, 1 << 40], [1]) },
        Case("an extent past Int", "outOfRange") { $0.add("t", [1 << 63], [1]) },
        Case("more bytes than a machine maps", "outOfRange") { $0.add("t", [1 << 50], [1]) },
        Case("an offset past Int", "outOfRange") { $0.add("t", [1], type: 0, [0, 0, 0, 0], offset: 1 << 63) },
        Case("an end past Int", "outOfRange") { $0.add("t", [8], type: 0, [0], offset: (1 << 63) - 32) },
        Case("an offset past the end", "outOfRange") { $0.add("t", [1], type: 0, [0, 0, 0, 0], offset: 1 << 20) },
        Case("a tensor over the one before", "corrupt") { $0.add("t", [1], type: 0, [0, 0, 0, 0], offset: 0) },
        Case("an offset that is not aligned", "corrupt") {
            $0.add("t", [1], type: 0, .init(repeating: 0, count: 96), offset: 132)
        },
        Case("a tensor that the file does not hold whole", "truncated") { $0.add("t", [9], type: 0, [0, 0, 0, 0]) },
    ]

    @Test("are refused for their reason", arguments: cases)
    func refused(_ broken: Case) throws {
        let folder = try TemporaryFolder()
        var builder = GGUFBuilder.sample
        broken.change(&builder)
        let path = try folder.file("model.gguf", builder.build())
        let error = try failure { _ = try GGUFFile(path: path) }
        #expect(error.reason.name == broken.reason, "\(error)")
    }

    @Test("a type that is not read is named")
    func unsupportedType() throws {
        let folder = try TemporaryFolder()
        var builder = GGUFBuilder()
        builder.add("blk.0.ffn_up.weight", [256], type: 16, [0])
        let path = try folder.file("model.gguf", builder.build())
        let text = try failure { _ = try GGUFFile(path: path) }.description
        #expect(text.contains("IQ2_XXS") && text.contains("blk.0.ffn_up.weight"), "\(text)")
    }

    @Test("control characters in names do not reach the message")
    func hostileNames() throws {
        let folder = try TemporaryFolder()
        var builder = GGUFBuilder()
        builder.add("\u{1B}[2J", [1], type: 99, [0])
        let path = try folder.file("model.gguf", builder.build())
        #expect(try failure { _ = try GGUFFile(path: path) }.description.utf8.allSatisfy { $0 >= 0x20 })
    }
}
