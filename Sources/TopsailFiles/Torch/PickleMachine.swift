import TopsailTensor

/// Interprets a pickle of tensors, containers, numbers and texts, and nothing else.
///
/// A pickle is a program for a stack machine. Python's can call anything; this one knows the opcodes and names that
/// `torch.save` needs for state dicts (protocol 2) and refuses the rest by name, before anything is done with it. It makes
/// values, never objects, and holds at most as much as the limits say. Source of the opcodes: `Lib/pickletools.py`.
struct PickleMachine {
    var reader: ByteReader
    var containers: [PickledContainer] = []
    var storages: [PickledStorage] = []
    var tensors: [PickledTensor] = []
    var stack: [PickleValue] = []
    var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var places: [String: Int] = [:]

    /// A training backup has some ten thousand steps; the limits bound memory to a few dozen megabytes.
    static let largestProgram = 32 << 20
    private static let mostSteps = 1 << 20
    private static let mostItems = 1 << 20

    init(_ bytes: UnsafeRawBufferPointer, path: String) {
        reader = ByteReader(bytes, path: path)
        reader.place = "data.pkl"
    }

    /// Runs the program to its STOP.
    ///
    /// - Returns: The one value it leaves.
    /// - Throws: `refused` for a name or opcode that is not known to be harmless; `corrupt`, `truncated`, `outOfRange`.
    mutating func run() throws(FileFormatError) -> PickleValue {
        for _ in 0..<Self.mostSteps {
            let opcode = try reader.integer(UInt8.self)
            if opcode == UInt8(ascii: ".") {
                let value = try pop()
                guard stack.isEmpty, marks.isEmpty else { throw corrupt("it leaves more than one value") }
                return value
            }
            try step(opcode)
        }
        throw reader.error(.outOfRange("it takes more than \(Self.mostSteps) steps"))
    }

    private mutating func step(_ opcode: UInt8) throws(FileFormatError) {
        switch opcode {
        case 0x80: try readProtocol()
        case UInt8(ascii: "N"): stack.append(.none)
        case 0x88: stack.append(.bool(true))
        case 0x89: stack.append(.bool(false))
        case UInt8(ascii: "K"): stack.append(.int(Int(try reader.integer(UInt8.self))))
        case UInt8(ascii: "M"): stack.append(.int(Int(try reader.integer(UInt16.self))))
        case UInt8(ascii: "J"): stack.append(.int(Int(try reader.integer(Int32.self))))
        case 0x8A: stack.append(try longInteger())
        case UInt8(ascii: "G"): stack.append(.float(Double(bitPattern: try reader.integer(UInt64.self).byteSwapped)))
        case UInt8(ascii: "X"): stack.append(try text(UInt64(reader.integer(UInt32.self))))
        case 0x8C, UInt8(ascii: "U"): stack.append(try text(UInt64(reader.integer(UInt8.self))))
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: ")"): stack.append(.tuple(try add([])))
        case UInt8(ascii: "]"): stack.append(.list(try add([])))
        case UInt8(ascii: "}"): stack.append(.dictionary(try add([])))
        case 0x85, 0x86, 0x87: stack.append(.tuple(try add(pop(Int(opcode) - 0x84))))
        case UInt8(ascii: "t"): stack.append(.tuple(try add(popToMark())))
        case UInt8(ascii: "a"): try appendToList(pop(1))
        case UInt8(ascii: "e"): try appendToList(popToMark())
        case UInt8(ascii: "s"): try setItems(pop(2))
        case UInt8(ascii: "u"): try setItems(popToMark())
        case UInt8(ascii: "q"): try remember(Int(reader.integer(UInt8.self)))
        case UInt8(ascii: "r"): try remember(Int(reader.integer(UInt32.self)))
        case UInt8(ascii: "h"): try recall(Int(reader.integer(UInt8.self)))
        case UInt8(ascii: "j"): try recall(Int(reader.integer(UInt32.self)))
        case UInt8(ascii: "c"): try readGlobal()
        case UInt8(ascii: "Q"): try readPersistentID()
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"): try build()
        default: throw refusal(of: opcode)
        }
    }

    func corrupt(_ what: String) -> FileFormatError { reader.error(.corrupt(what)) }
}

// MARK: Stack and memo

extension PickleMachine {
    mutating func pop() throws(FileFormatError) -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else {
            throw corrupt("it takes a value from an empty stack")
        }
        return value
    }

    private mutating func pop(_ count: Int) throws(FileFormatError) -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else { throw corrupt("it takes a value from an empty stack") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(FileFormatError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw corrupt("a mark is missing") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func remember(_ place: Int) throws(FileFormatError) {
        guard let value = stack.last else { throw corrupt("it takes a value from an empty stack") }
        memo[place] = value
    }

    private mutating func recall(_ place: Int) throws(FileFormatError) {
        guard let value = memo[place] else { throw corrupt("it recalls what it never kept") }
        stack.append(value)
    }

    mutating func add(_ items: [PickleValue]) throws(FileFormatError) -> Int {
        guard containers.count < Self.mostItems else {
            throw reader.error(.outOfRange("it holds more than \(Self.mostItems) containers"))
        }
        containers.append(PickledContainer(items: items))
        return containers.count - 1
    }

    private mutating func appendToList(_ items: [PickleValue]) throws(FileFormatError) {
        guard stack.count > (marks.last ?? 0), case .list(let list)? = stack.last else {
            throw corrupt("it adds to what is no list")
        }
        containers[list].items += items
    }

    private mutating func setItems(_ items: [PickleValue]) throws(FileFormatError) {
        guard stack.count > (marks.last ?? 0), case .dictionary(let dictionary)? = stack.last, items.count % 2 == 0
        else { throw corrupt("it sets entries of what is no dictionary") }
        for i in stride(from: 0, to: items.count, by: 2) {
            containers[dictionary].keys.append(items[i])
            containers[dictionary].items.append(items[i + 1])
        }
    }
}

// MARK: Literals

extension PickleMachine {
    private mutating func readProtocol() throws(FileFormatError) {
        let version = try reader.integer(UInt8.self)
        guard version <= 5 else { throw reader.error(.unsupported("pickle protocol \(version)")) }
    }

    private mutating func text(_ length: UInt64) throws(FileFormatError) -> PickleValue {
        .text(String(decoding: try reader.take(length, what: "a text length"), as: UTF8.self))
    }

    /// Two's complement, little-endian, as many bytes as it takes.
    private mutating func longInteger() throws(FileFormatError) -> PickleValue {
        let length = try reader.integer(UInt8.self)
        let bytes = try reader.take(UInt64(length), what: "a number's length")
        guard bytes.count <= 9 else { throw reader.error(.unsupported("a whole number of \(bytes.count) bytes")) }
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        var value: UInt64 = isNegative ? .max : 0
        for (i, byte) in bytes.prefix(8).enumerated() {
            value = value & ~(0xFF << UInt64(8 * i)) | UInt64(byte) << UInt64(8 * i)
        }
        if bytes.count == 9 {
            guard bytes[8] == 0 else { throw reader.error(.unsupported("a whole number beyond 64 bits")) }
            return Int(exactly: value).map(PickleValue.int) ?? .unsigned(value)
        }
        return .int(Int(bitPattern: UInt(value)))
    }

    private mutating func line() throws(FileFormatError) -> String {
        let rest = reader.bytes[reader.position...]
        guard let end = rest.prefix(1 << 10).firstIndex(of: UInt8(ascii: "\n")) else {
            throw corrupt("a name does not end")
        }
        let text = String(decoding: rest[..<end], as: UTF8.self)
        _ = try reader.take(UInt64(end - reader.position + 1), what: "a name")
        return text
    }

    private mutating func readGlobal() throws(FileFormatError) {
        let (module, attribute) = (try line(), try line())
        guard let global = PickleGlobal(module: module, attribute: attribute) else {
            throw reader.error(.refused("the global \(module).\(attribute), which is no part of a tensor,"))
        }
        stack.append(.global(global))
    }

    /// For opcodes that import, call or build in other ways, and those that no tensor needs.
    private func refusal(of opcode: UInt8) -> FileFormatError {
        var what = "the pickle opcode \(Self.opcodeNames[opcode] ?? String(opcode))"
        if opcode == 0x93, stack.count >= 2, case .text(let module) = stack[stack.count - 2],
            case .text(let attribute) = stack[stack.count - 1]
        {
            what = "the global \(module.prefix(200)).\(attribute.prefix(200)) through \(what)"
        }
        if [UInt8(ascii: "i")].contains(opcode) {
            let names = reader.bytes[reader.position...].prefix(400).split(separator: UInt8(ascii: "\n")).prefix(2)
            let name = names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
            what = "the global \(name) through \(what)"
        }
        return reader.error(.refused(what))
    }

    private static let opcodeNames: [UInt8: String] = [
        UInt8(ascii: "i"): "INST", UInt8(ascii: "o"): "OBJ", 0x81: "NEWOBJ", 0x92: "NEWOBJ_EX", 0x93: "STACK_GLOBAL",
        0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4", UInt8(ascii: "B"): "BINBYTES", UInt8(ascii: "C"): "SHORT_BINBYTES",
        0x8E: "BINBYTES8", 0x94: "MEMOIZE", 0x95: "FRAME", 0x96: "BYTEARRAY8", UInt8(ascii: "P"): "PERSID",
        UInt8(ascii: "S"): "STRING", UInt8(ascii: "T"): "BINSTRING", UInt8(ascii: "I"): "INT",
        UInt8(ascii: "L"): "LONG", 0x8B: "LONG4", UInt8(ascii: "F"): "FLOAT", UInt8(ascii: "0"): "POP",
        UInt8(ascii: "1"): "POP_MARK", UInt8(ascii: "2"): "DUP", UInt8(ascii: "d"): "DICT", UInt8(ascii: "l"): "LIST",
        UInt8(ascii: "p"): "PUT", UInt8(ascii: "g"): "GET", UInt8(ascii: "V"): "UNICODE", 0x8D: "BINUNICODE8",
        0x8F: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET",
    ]
}
