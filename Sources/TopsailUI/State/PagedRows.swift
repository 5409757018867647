/// A long result of which only the parts near what is on show are held.
public struct PagedRows: Sendable, Hashable {
    package static let pageSize = 128
    package static let maximumPages = 48

    /// Rows of the whole result; `nil` before the first answer.
    public private(set) var total: Int?
    /// What they are ordered by where that is not what was asked for.
    public private(set) var otherOrder: NeuronQuery.Sort?
    /// Where there are none: what the bound that left nothing is compared with.
    public private(set) var best: NeuronPage.Best?
    private var pages: [Int: [NeuronEntry]] = [:]
    private var requested: Set<Int> = []

    public init() {}

    /// The row, if it is here.
    public subscript(row: Int) -> NeuronEntry? {
        guard let page = pages[row / Self.pageSize] else { return nil }
        let offset = row % Self.pageSize
        return page.indices.contains(offset) ? page[offset] : nil
    }

    /// Where a neuron stands, if its row is here.
    public func position(of key: NeuronKey) -> Int? {
        for (number, page) in pages {
            if let offset = page.firstIndex(where: { $0.key == key }) { return number * Self.pageSize + offset }
        }
        return nil
    }

    /// The stretches that must be asked for to show `rows`; they count as asked for from now on.
    package mutating func missing(in rows: Range<Int>) -> [Range<Int>] {
        guard let total, !rows.isEmpty else { return [] }
        let last = min(rows.upperBound, total) - 1
        guard rows.lowerBound <= last else { return [] }
        return (rows.lowerBound / Self.pageSize...last / Self.pageSize).compactMap { number in
            guard pages[number] == nil, requested.insert(number).inserted else { return nil }
            return number * Self.pageSize..<min(total, (number + 1) * Self.pageSize)
        }
    }

    /// Takes an answer in. Its rows begin at a page's start.
    package mutating func receive(_ page: NeuronPage) {
        total = page.total
        otherOrder = page.otherOrder
        best = page.best
        for start in stride(from: 0, to: page.rows.count, by: Self.pageSize) {
            let number = (page.start + start) / Self.pageSize
            pages[number] = Array(page.rows[start..<min(page.rows.count, start + Self.pageSize)])
            requested.remove(number)
        }
        forgetFarPages(from: page.start / Self.pageSize)
    }

    private mutating func forgetFarPages(from number: Int) {
        guard pages.count > Self.maximumPages else { return }
        let far = pages.keys.sorted { abs($0 - number) > abs($1 - number) }
        for key in far.prefix(pages.count - Self.maximumPages) { pages[key] = nil }
    }
}
