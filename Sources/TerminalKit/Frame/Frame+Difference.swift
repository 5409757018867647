extension Frame {
    /// Cells of one row that have to be drawn again, side by side.
    package struct Run: Sendable, Hashable {
        package var y: Int
        package var columns: Range<Int>
    }

    /// What differs from an earlier frame; everything, when the sizes differ.
    ///
    /// A run never begins with the right half of a wide character.
    /// - Complexity: O(cells).
    package func changes(since earlier: Frame?) -> [Run] {
        guard let earlier, earlier.size == size else {
            return (0..<height).map { Run(y: $0, columns: 0..<width) }
        }
        var runs: [Run] = []
        for y in 0..<height {
            var x = 0
            while x < width {
                guard cells[y * width + x] != earlier.cells[y * width + x] else {
                    x += 1
                    continue
                }
                var start = x
                while start > 0, cells[y * width + start].isContinuation { start -= 1 }
                while x < width, cells[y * width + x] != earlier.cells[y * width + x] { x += 1 }
                runs.append(Run(y: y, columns: start..<x))
            }
        }
        return runs
    }

    package func cell(atRow y: Int, column x: Int) -> Cell { cells[y * width + x] }
}
