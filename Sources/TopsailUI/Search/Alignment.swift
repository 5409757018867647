/// Puts two sequences side by side so that as much as possible is the same in both.
enum Alignment {
    /// A place in both, or in one of them only.
    struct Column: Hashable {
        var left: Int?
        var right: Int?
    }

    /// Longest common subsequence, with what stands between side by side.
    ///
    /// - Complexity: O(left · right), at most `limit` on each side; what is longer is paired by position after that.
    static func of<Element: Hashable>(_ left: [Element], _ right: [Element], limit: Int = 600) -> [Column] {
        // What is the same at both ends needs no table.
        var start = 0
        while start < left.count, start < right.count, left[start] == right[start] { start += 1 }
        var end = 0
        while end < left.count - start, end < right.count - start,
            left[left.count - 1 - end] == right[right.count - 1 - end]
        { end += 1 }
        var columns = (0..<start).map { Column(left: $0, right: $0) }
        let (a, b) = (start..<left.count - end, start..<right.count - end)
        columns += middle(left, a, right, b, limit: limit)
        columns += (0..<end).map { Column(left: left.count - end + $0, right: right.count - end + $0) }
        return columns
    }

    private static func middle<Element: Hashable>(
        _ left: [Element], _ a: Range<Int>, _ right: [Element], _ b: Range<Int>, limit: Int
    ) -> [Column] {
        guard !a.isEmpty, !b.isEmpty, a.count <= limit, b.count <= limit else { return sideBySide(a, b) }
        var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in (0..<a.count).reversed() {
            for j in (0..<b.count).reversed() {
                table[i][j] =
                    left[a.lowerBound + i] == right[b.lowerBound + j]
                    ? table[i + 1][j + 1] + 1 : max(table[i + 1][j], table[i][j + 1])
            }
        }
        var columns: [Column] = []
        var (i, j, fromA, fromB) = (0, 0, a.lowerBound, b.lowerBound)
        while i < a.count, j < b.count {
            if left[a.lowerBound + i] == right[b.lowerBound + j] {
                columns += sideBySide(fromA..<a.lowerBound + i, fromB..<b.lowerBound + j)
                columns.append(Column(left: a.lowerBound + i, right: b.lowerBound + j))
                (i, j) = (i + 1, j + 1)
                (fromA, fromB) = (a.lowerBound + i, b.lowerBound + j)
            } else if table[i + 1][j] >= table[i][j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        return columns + sideBySide(fromA..<a.upperBound, fromB..<b.upperBound)
    }

    private static func sideBySide(_ a: Range<Int>, _ b: Range<Int>) -> [Column] {
        (0..<max(a.count, b.count)).map { step in
            Column(
                left: step < a.count ? a.lowerBound + step : nil, right: step < b.count ? b.lowerBound + step : nil)
        }
    }
}
