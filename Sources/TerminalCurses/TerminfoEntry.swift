/// A compiled description of a terminal, as term(5) lays it out: the header, the predefined capabilities by number, and
/// those that go beyond them by name.
package struct TerminfoEntry: Equatable {
    /// A string capability. Offsets below zero in the file.
    package enum Text: Equatable {
        case absent
        case cancelled
        /// Without the zero that ends it.
        case value([UInt8])
    }

    /// A capability beyond the predefined ones.
    package struct Named<Value: Equatable>: Equatable {
        package var name: [UInt8]
        package var value: Value
    }

    /// The names of the terminal, between `|`.
    package var names: [UInt8]
    /// 1 where the terminal has it; 0 or 254 (cancelled) where not.
    package var booleans: [UInt8]
    /// -1 where absent, -2 where cancelled.
    package var numbers: [Int32]
    package var strings: [Text]
    package var namedBooleans: [Named<UInt8>] = []
    package var namedNumbers: [Named<Int32>] = []
    package var namedStrings: [Named<Text>] = []

    /// terminfo's `colors`; `nil` where the terminal has none.
    package var colors: Int? {
        guard numbers.count > Self.colorsPlace, numbers[Self.colorsPlace] >= 0 else { return nil }
        return Int(numbers[Self.colorsPlace])
    }

    /// As in ncurses' `term.h`.
    static let colorsPlace = 13
    /// The magic number where numbers take two bytes, and where they take four.
    fileprivate static let magic: (short: Int, long: Int) = (0o432, 0o1036)
}

extension TerminfoEntry {
    /// - Returns: `nil` for what is no compiled entry.
    package init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes)
        guard let header = reader.shorts(6), header.dropFirst().allSatisfy({ $0 >= 0 }) else { return nil }
        guard header[0] == Self.magic.short || header[0] == Self.magic.long else { return nil }
        reader.isWide = header[0] == Self.magic.long
        guard let names = reader.bytes(header[1]), let booleans = reader.bytes(header[2]), reader.align(),
            let numbers = reader.numbers(header[3]), let offsets = reader.shorts(header[4]),
            let table = reader.bytes(header[5])
        else { return nil }
        self.init(
            names: names.last == 0 ? names.dropLast() : names, booleans: booleans, numbers: numbers,
            strings: offsets.map { Self.text(at: $0, in: table[...]) })
        _ = reader.align()
        if !reader.isAtEnd, !readNamed(&reader) { return nil }
    }

    /// The part of named capabilities: its own header, values, then names behind the values of strings.
    private mutating func readNamed(_ reader: inout Reader) -> Bool {
        guard let header = reader.shorts(5), header.allSatisfy({ $0 >= 0 }),
            let booleans = reader.bytes(header[0]), reader.align(), let numbers = reader.numbers(header[1]),
            let offsets = reader.shorts(header[2]), let nameOffsets = reader.shorts(header[0] + header[1] + header[2]),
            let table = reader.bytes(header[4])
        else { return false }
        let texts = offsets.map { Self.text(at: $0, in: table[...]) }
        let used = zip(offsets, texts).reduce(0) { end, text in
            if case .value(let bytes) = text.1 { max(end, text.0 + bytes.count + 1) } else { end }
        }
        guard used <= table.count else { return false }
        let names = nameOffsets.compactMap { offset -> [UInt8]? in
            if case .value(let name) = Self.text(at: offset, in: table[used...]) { name } else { nil }
        }
        guard names.count == nameOffsets.count else { return false }
        let first = booleans.count
        let second = first + numbers.count
        namedBooleans = zip(names[..<first], booleans).map { Named(name: $0, value: $1) }
        namedNumbers = zip(names[first..<second], numbers).map { Named(name: $0, value: $1) }
        namedStrings = zip(names[second...], texts).map { Named(name: $0, value: $1) }
        return true
    }

    private static func text(at offset: Int, in table: ArraySlice<UInt8>) -> Text {
        if offset == -2 { return .cancelled }
        guard offset >= 0, offset < table.count else { return .absent }
        let rest = table.dropFirst(offset)
        return rest.firstIndex(of: 0).map { .value(Array(rest[..<$0])) } ?? .absent
    }
}

extension TerminfoEntry {
    /// The entry as a file, with numbers of four bytes.
    package var bytes: [UInt8] {
        let (offsets, table) = Self.table(of: strings)
        var writer = Writer()
        writer.shorts([Self.magic.long, names.count + 1, booleans.count, numbers.count, strings.count, table.count])
        writer.bytes += names + [0] + booleans
        writer.align()
        writer.numbers(numbers)
        writer.shorts(offsets)
        writer.bytes += table
        guard !(namedBooleans.isEmpty && namedNumbers.isEmpty && namedStrings.isEmpty) else { return writer.bytes }

        let (textOffsets, texts) = Self.table(of: namedStrings.map(\.value))
        let allNames = namedBooleans.map(\.name) + namedNumbers.map(\.name) + namedStrings.map(\.name)
        let (nameOffsets, nameTable) = Self.table(of: allNames.map { .value($0) })
        let entries = textOffsets.count { $0 >= 0 } + nameOffsets.count
        writer.align()
        writer.shorts([
            namedBooleans.count, namedNumbers.count, namedStrings.count, entries, texts.count + nameTable.count,
        ])
        writer.bytes += namedBooleans.map(\.value)
        writer.align()
        writer.numbers(namedNumbers.map(\.value))
        writer.shorts(textOffsets + nameOffsets)
        writer.bytes += texts + nameTable
        return writer.bytes
    }

    private static func table(of texts: [Text]) -> (offsets: [Int], bytes: [UInt8]) {
        var bytes: [UInt8] = []
        let offsets = texts.map { text in
            switch text {
            case .absent: return -1
            case .cancelled: return -2
            case .value(let value):
                defer { bytes += value + [0] }
                return bytes.count
            }
        }
        return (offsets, bytes)
    }
}

/// Little-endian, whatever the machine.
private struct Reader {
    private let all: [UInt8]
    private var position = 0
    /// Whether numbers take four bytes.
    var isWide = false

    init(_ bytes: [UInt8]) { all = bytes }

    var isAtEnd: Bool { position >= all.count }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard count >= 0, all.count - position >= count else { return nil }
        defer { position += count }
        return Array(all[position..<position + count])
    }

    /// Goes on at an even place. Always `true`, to stand in a row of conditions.
    mutating func align() -> Bool {
        position += position % 2
        return true
    }

    mutating func shorts(_ count: Int) -> [Int]? {
        bytes(2 * count)?.pairs.map { Int(Int16(bitPattern: UInt16($0) | UInt16($1) << 8)) }
    }

    mutating func numbers(_ count: Int) -> [Int32]? {
        guard isWide else { return shorts(count)?.map(Int32.init) }
        return bytes(4 * count).map { raw in
            (0..<count).map { number in
                raw[4 * number..<4 * number + 4].reversed().reduce(0) { $0 << 8 | Int32($1) }
            }
        }
    }
}

private struct Writer {
    var bytes: [UInt8] = []

    mutating func align() { if bytes.count % 2 == 1 { bytes.append(0) } }

    mutating func shorts(_ values: [Int]) {
        for value in values {
            let value = UInt16(truncatingIfNeeded: value)
            bytes += [UInt8(value & 0xFF), UInt8(value >> 8)]
        }
    }

    mutating func numbers(_ values: [Int32]) {
        for value in values {
            let value = UInt32(bitPattern: value)
            bytes += (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) }
        }
    }
}

extension [UInt8] {
    fileprivate var pairs: [(UInt8, UInt8)] { stride(from: 0, to: count - 1, by: 2).map { (self[$0], self[$0 + 1]) } }
}
