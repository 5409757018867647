import Foundation

/// The first page of a file, which says what kind of file it is and where the list of tables lies.
///
/// Where it is damaged and the pages that hold the list itself are left, another is made from those: everything else is
/// found from there. https://www.sqlite.org/fileformat.html has the layouts.
struct FirstPage {
    private let file: Data
    private let pageSize: Int

    /// What pages can measure, SQLite's usual size first.
    private static let sizes = [4096, 1024, 2048, 8192, 16384, 32768, 65536, 512]

    private init(_ file: Data, pageSize: Int) {
        self.file = file
        self.pageSize = pageSize
    }

    /// Whether the first page of a catalog is damaged, and can be made again.
    static func isLost(at path: String) -> Bool { remade(at: path) != nil }

    /// Makes it again where it is damaged.
    static func repair(_ path: String) throws {
        guard let page = remade(at: path) else { return }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.write(contentsOf: page)
    }

    private static func remade(at path: String) -> Data? {
        guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return nil }
        guard file.count >= 1024 else { return nil }
        let stored = Int(file[16]) << 8 | Int(file[17])
        let told = stored == 1 ? 65536 : stored
        if sizes.contains(told), file.count >= told, FirstPage(file, pageSize: told).isSound { return nil }
        for size in sizes where file.count >= 2 * size {
            let page = FirstPage(file, pageSize: size)
            let leaves = page.leaves()
            let names = Set(leaves.flatMap(\.names))
            if names.isSuperset(of: ["sae", "neuron", "journal_step"]) {
                return page.make(leaves, hasLog: CatalogFile.hasPendingLog(path))
            }
        }
        return nil
    }

    // MARK: Looking at pages

    /// Whether the page can be what it should be: a header, and pages within the file below it.
    private var isSound: Bool {
        guard file.starts(with: Array("SQLite format 3\0".utf8)) else { return false }
        let count = number(at: 103, bytes: 2)
        switch file[100] {
        case 0x0D: return true
        case 0x05:
            let cells = (0..<count).map { number(at: 112 + 2 * $0, bytes: 2) }
            guard 112 + 2 * count <= pageSize, cells.allSatisfy({ $0 >= 112 && $0 <= pageSize - 5 }) else {
                return false
            }
            let children = cells.map { number(at: $0, bytes: 4) } + [number(at: 108, bytes: 4)]
            // Of a file that was cut off, some are missing.
            let wanted = max(pages, number(at: 28, bytes: 4))
            return children.allSatisfy { child in
                child > 1 && child <= wanted && (child > pages || [0x05, 0x0D].contains(file[(child - 1) * pageSize]))
            }
        default: return false
        }
    }

    private var pages: Int { file.count / pageSize }

    /// A page of the list of tables.
    private struct Leaf {
        let page: Int
        let rows: ClosedRange<Int64>
        /// Of tables and indexes.
        let names: [String]
    }

    /// The pages that hold the list of tables, in its order. Where two tell of the same rows, one is of the past.
    private func leaves() -> [Leaf] {
        let found = (1..<pages).compactMap(leaf).sorted { $0.rows.lowerBound < $1.rows.lowerBound }
        return found.reduce(into: []) { kept, next in
            guard let last = kept.last, last.rows.overlaps(next.rows) else { return kept.append(next) }
            if next.names.count > last.names.count { kept[kept.count - 1] = next }
        }
    }

    /// - Parameter index: Of the page, from 0.
    private func leaf(_ index: Int) -> Leaf? {
        let start = index * pageSize
        guard file[start] == 0x0D else { return nil }
        let count = number(at: start + 3, bytes: 2)
        guard count > 0, 8 + 2 * count <= pageSize else { return nil }
        var names: [String] = []
        var rows: [Int64] = []
        for cell in 0..<count {
            let offset = number(at: start + 8 + 2 * cell, bytes: 2)
            guard offset >= 8, offset < pageSize, let row = row(at: start + offset, end: start + pageSize) else {
                return nil
            }
            names.append(row.name)
            rows.append(row.id)
        }
        guard zip(rows, rows.dropFirst()).allSatisfy(<) else { return nil }
        return Leaf(page: index + 1, rows: rows[0]...rows[count - 1], names: names)
    }

    /// A row of the list: kind and name of a table, index or view.
    private func row(at start: Int, end: Int) -> (id: Int64, name: String)? {
        var place = start
        guard varint(&place, end) != nil, let id = varint(&place, end) else { return nil }
        let record = place
        guard let headerSize = varint(&place, end), headerSize < 64 else { return nil }
        var types: [Int] = []
        while place < record + Int(headerSize) {
            guard let type = varint(&place, end) else { return nil }
            types.append(Int(clamping: type))
        }
        guard types.count == 5, let kind = text(&place, types[0], end), let name = text(&place, types[1], end),
            ["table", "index", "view", "trigger"].contains(kind)
        else { return nil }
        return (id, name)
    }

    private func text(_ place: inout Int, _ type: Int, _ end: Int) -> String? {
        let length = (type - 13) / 2
        guard type >= 13, type % 2 == 1, place + length <= end else { return nil }
        defer { place += length }
        return String(validating: file[place..<place + length], as: UTF8.self)
    }

    private func number(at place: Int, bytes: Int) -> Int {
        file[place..<place + bytes].reduce(0) { $0 << 8 | Int($1) }
    }

    private func varint(_ place: inout Int, _ end: Int) -> Int64? {
        var value: UInt64 = 0
        for number in 0..<9 {
            guard place < end else { return nil }
            let byte = file[place]
            place += 1
            if number == 8 { return Int64(bitPattern: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { break }
        }
        return Int64(bitPattern: value)
    }

    // MARK: Making one

    private func make(_ leaves: [Leaf], hasLog: Bool) -> Data {
        var page = [UInt8](repeating: 0, count: pageSize)
        func put(_ value: Int, at place: Int, bytes: Int) {
            for index in 0..<bytes {
                page[place + index] = UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - index)))
            }
        }
        page.replaceSubrange(0..<16, with: Array("SQLite format 3\0".utf8))
        put(pageSize == 65536 ? 1 : pageSize, at: 16, bytes: 2)
        put(hasLog ? 0x0202 : 0x0101, at: 18, bytes: 2)
        page.replaceSubrange(21..<24, with: [64, 32, 32])
        put(1, at: 24, bytes: 4)  // change counter
        put(pages, at: 28, bytes: 4)
        put(1, at: 40, bytes: 4)  // schema cookie
        put(4, at: 44, bytes: 4)  // schema format
        put(1, at: 56, bytes: 4)  // UTF-8
        put(Int(Schema.applicationID), at: 68, bytes: 4)
        put(1, at: 92, bytes: 4)  // the page count belongs to this change
        put(3_040_000, at: 96, bytes: 4)
        // An inner page whose children are the leaves; the last one is its right child.
        put(0x05, at: 100, bytes: 1)
        put(leaves.count - 1, at: 103, bytes: 2)
        put(leaves[leaves.count - 1].page, at: 108, bytes: 4)
        var end = pageSize
        for (index, leaf) in leaves.dropLast().enumerated() {
            let key = Self.varint(leaf.rows.upperBound)
            end -= 4 + key.count
            put(leaf.page, at: end, bytes: 4)
            page.replaceSubrange(end + 4..<end + 4 + key.count, with: key)
            put(end, at: 112 + 2 * index, bytes: 2)
        }
        put(end == 65536 ? 0 : end, at: 105, bytes: 2)
        return Data(page)
    }

    private static func varint(_ value: Int64) -> [UInt8] {
        var rest = UInt64(bitPattern: value)
        var bytes = [UInt8(rest & 0x7F)]
        rest >>= 7
        while rest > 0 {
            bytes.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }
}
