import Synchronization

/// Rows that are computed when asked for and kept, so that pointers to them stay valid.
final class MadeRows: Sendable {
    private let kept = Mutex<[Int: OwnedFloats]>([:])

    /// - Parameter value: The element at a column.
    func row(_ index: Int, width: Int, _ value: (Int) -> Float) -> UnsafeBufferPointer<Float> {
        let row = kept.withLock { kept in
            if let known = kept[index] { return known }
            let made = OwnedFloats(count: width)
            for i in 0..<width { made.pointer[i] = value(i) }
            kept[index] = made
            return made
        }
        return UnsafeBufferPointer(start: row.pointer, count: row.count)
    }
}
