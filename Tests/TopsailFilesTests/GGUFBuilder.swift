import TopsailTensor

/// Writes GGUF files for tests, right ones and wrong ones: every field can be given a false value.
struct GGUFBuilder {
    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    var alignment = 32
    /// Announced instead of the true counts.
    var tensorCount: UInt64?
    var settingCount: UInt64?

    private var settings: [[UInt8]] = []
    private var tensors: [Tensor] = []

    private struct Tensor {
        var name: String
        var extents: [UInt64]
        var type: UInt32
        var data: [UInt8]
        var offset: UInt64?
    }

    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func string(_ text: String) -> [UInt8] { bytes(UInt64(text.utf8.count)) + Array(text.utf8) }

    /// Adds a setting of any value type.
    mutating func set(_ key: String, type: UInt32, _ payload: [UInt8]) {
        settings.append(Self.string(key) + Self.bytes(type) + payload)
    }

    mutating func set(_ key: String, _ text: String) { set(key, type: 8, Self.string(text)) }

    mutating func set(_ key: String, _ number: UInt32) { set(key, type: 4, Self.bytes(number)) }

    /// Adds an array of texts.
    mutating func set(_ key: String, _ texts: [String]) {
        set(key, type: 9, Self.bytes(UInt32(8)) + Self.bytes(UInt64(texts.count)) + texts.flatMap(Self.string))
    }

    /// Adds a tensor after those before it, unless `offset` says otherwise.
    ///
    /// - Parameter shape: Outermost first, as everywhere but in the file.
    mutating func add(_ name: String, _ shape: [UInt64], type: UInt32, _ data: [UInt8], offset: UInt64? = nil) {
        tensors.append(Tensor(name: name, extents: shape.reversed(), type: type, data: data, offset: offset))
    }

    mutating func add(_ name: String, _ shape: [UInt64], _ values: [Float]) {
        add(name, shape, type: 0, values.flatMap { Self.bytes($0.bitPattern) })
    }

    func build() -> [UInt8] {
        var header = magic + Self.bytes(version)
        header += Self.bytes(tensorCount ?? UInt64(tensors.count)) + Self.bytes(settingCount ?? UInt64(settings.count))
        header += settings.flatMap(\.self)
        var data: [UInt8] = []
        for tensor in tensors {
            data += padding(after: data.count)
            header += Self.string(tensor.name) + Self.bytes(UInt32(tensor.extents.count))
            header += tensor.extents.flatMap { Self.bytes($0) }
            header += Self.bytes(tensor.type) + Self.bytes(tensor.offset ?? UInt64(data.count))
            data += tensor.data
        }
        return header + padding(after: header.count) + data
    }

    private func padding(after position: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (alignment - position % alignment) % alignment)
    }
}

extension GGUFBuilder {
    /// A small file with settings of several types and three tensors, the last of block type Q8_0.
    static var sample: GGUFBuilder {
        var file = GGUFBuilder()
        file.set("general.architecture", "sloop")
        file.set("sloop.block_count", 3)
        file.set("tokenizer.ggml.tokens", ["a", "", "é", "three words here"])
        file.set("nested", type: 9, bytes(UInt32(9)) + bytes(UInt64(1)) + bytes(UInt32(0)) + bytes(UInt64(2)) + [7, 9])
        file.add("weight", [2, 3], [1, 2, 3, -4, 5.5, 6])
        file.add("scalar", [], [0.25])
        file.add("blocks", [32], type: 8, [0x00, 0x3C] + (0..<32).map { UInt8($0) })
        return file
    }
}
