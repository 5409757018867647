import Foundation

/// Makes npy files and zips of them, sound and unsound ones.
struct NPYBuilder {
    var version: UInt8 = 1
    var descr = "'<f4'"
    var isFortran = false
    var shape = "(2, 3)"
    var data: [UInt8] = NPYBuilder.floats(0, 1, 2, 3, 4, 5)

    static func floats(_ values: Float...) -> [UInt8] { values.flatMap { Self.bytes($0.bitPattern.littleEndian) } }

    static func bytes<I: FixedWidthInteger>(_ value: I) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    func build() -> [UInt8] {
        var header = "{'descr': \(descr), 'fortran_order': \(isFortran ? "True" : "False"), 'shape': \(shape), }"
        let lengthSize = version == 1 ? 2 : 4
        while (8 + lengthSize + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        let length = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [version, 0]
            + (version == 1 ? Self.bytes(UInt16(length)) : Self.bytes(UInt32(length))) + Array(header.utf8) + data
    }
}

/// Makes zips of stored entries.
struct ZipBuilder {
    private var local: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ content: [UInt8]) {
        let checksum = Self.crc32(content)
        let sizes = NPYBuilder.bytes(UInt32(content.count))
        let offset = UInt32(local.count)
        let common: [UInt8] =
            [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + NPYBuilder.bytes(checksum) + sizes + sizes
            + NPYBuilder.bytes(UInt16(name.utf8.count)) + [0, 0]
        local += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + content
        directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] + NPYBuilder.bytes(offset)
        directory += Array(name.utf8)
        count += 1
    }

    func build() -> [UInt8] {
        local + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + NPYBuilder.bytes(UInt16(count))
            + NPYBuilder.bytes(UInt16(count)) + NPYBuilder.bytes(UInt32(directory.count))
            + NPYBuilder.bytes(UInt32(local.count)) + [0, 0]
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        return ~checksum
    }
}
