import Foundation

/// Writes pickles opcode by opcode, and the zips that torch puts them in.
struct PickleBuilder {
    private(set) var program: [UInt8] = [0x80, 2]

    mutating func op(_ opcode: Character) { program.append(opcode.asciiValue!) }
    mutating func raw(_ bytes: UInt8...) { program += bytes }
    mutating func text(_ text: String) {
        op("X")
        program += NPYBuilder.bytes(UInt32(text.utf8.count)) + Array(text.utf8)
    }
    mutating func global(_ module: String, _ name: String) { program += Array("c\(module)\n\(name)\n".utf8) }
    mutating func int(_ value: Int32) {
        op("J")
        program += NPYBuilder.bytes(value)
    }
    mutating func ints(_ values: [Int32]) {
        op("(")
        for value in values { int(value) }
        op("t")
    }

    /// A tensor as `torch.save` writes it.
    mutating func tensor(
        storage: String = "FloatStorage", key: String = "0", count: Int32, offset: Int32 = 0, shape: [Int32],
        strides: [Int32]
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        op("(")
        op("(")
        text("storage")
        global("torch", storage)
        text(key)
        text("cuda:0")
        int(count)
        op("t")
        op("Q")
        int(offset)
        ints(shape)
        ints(strides)
        raw(0x89)
        global("collections", "OrderedDict")
        op(")")
        op("R")
        op("t")
        op("R")
    }

    /// `{name: value}` with the value that `body` pushes.
    static func dictionary(_ name: String = "W", _ body: (inout PickleBuilder) -> Void) -> PickleBuilder {
        var pickle = PickleBuilder()
        pickle.op("}")
        pickle.text(name)
        body(&pickle)
        pickle.op("s")
        return pickle
    }

    /// The finished checkpoint.
    func zip(
        storages: [String: [UInt8]] = ["0": NPYBuilder.floats(0, 1, 2, 3, 4, 5)], byteOrder: String? = nil
    ) -> [UInt8] {
        var zip = ZipBuilder()
        zip.add("archive/data.pkl", program + [0x2E])
        if let byteOrder { zip.add("archive/byteorder", Array(byteOrder.utf8)) }
        for (key, bytes) in storages.sorted(by: { $0.key < $1.key }) { zip.add("archive/data/\(key)", bytes) }
        zip.add("archive/version", Array("3\n".utf8))
        return zip.build()
    }
}
