import CKernels

/// What the values of a stored matrix are multiplied by once they are widened; needed for FP8 checkpoints.
public enum StoredScale: Sendable, Hashable {
    case none
    /// One factor for the whole matrix.
    case whole(Float)
    /// One factor for each output row. Shape `[outputs]`.
    case rows([Float])
    /// One factor for each tile of `height` output rows by `width` inputs. Shape `[⌈outputs/height⌉, tilesAcross]`, row-major.
    case tiles([Float], height: Int, width: Int, tilesAcross: Int)

    /// Multiplies part of an output row in place.
    ///
    /// - Parameters:
    ///   - row: Output row of the stored matrix, groups left aside.
    ///   - start: The first input that `values` holds.
    func apply(row: Int, from start: Int, to values: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .none: break
        case .whole(let factor): for i in 0..<count { values[i] *= factor }
        case .rows(let factors): for i in 0..<count { values[i] *= factors[row] }
        case .tiles(let factors, let height, let width, let tilesAcross):
            let tiles = row / height * tilesAcross
            for i in 0..<count { values[i] *= factors[tiles + (start + i) / width] }
        }
    }
}
