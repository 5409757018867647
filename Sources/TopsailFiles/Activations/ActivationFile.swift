import Foundation
import TopsailTensor

/// Activations in a file, whatever model they came from: one row an item (a token, an image patch, a residue, a user).
///
/// Reads safetensors, npz, npy and PyTorch files. `[items, width]`, or `[items, heads, d_head]` with the heads side by side.
public struct ActivationFile: Sendable {
    public let path: String
    /// The tensor's name.
    public let key: String
    public let items: Int
    /// Values of an item.
    public let width: Int
    /// As it is stored, items first.
    public let shape: [Int]
    private let view: TensorView

    /// - Parameters:
    ///   - key: The tensor; `input` unless given, or the only one.
    /// - Throws: When there is no such tensor, or it has neither two nor three dimensions of numbers.
    public init(path: String, key: String? = nil) throws(FileFormatError) {
        let archive = try ArchiveReader.open(path)
        let info: TensorInfo
        if key == nil, archive.info("input") == nil, archive.tensors.count == 1 {
            info = archive.tensors[0]
        } else {
            info = try archive.require(key ?? "input")
        }
        let isNumeric = info.dtype != .bool && info.dtype.blockSize == 1
        guard (2...3).contains(info.shape.count), isNumeric else {
            throw FileFormatError(
                path: path, place: "tensor \(info.name)",
                reason: .corrupt("rows of activations are needed, but this is \(info.dtype.name) \(info.shape)"))
        }
        self.path = path
        self.key = info.name
        view = try archive.view(of: info)
        shape = info.shape
        items = info.shape[0]
        width = info.shape.dropFirst().reduce(1, *)
    }

    /// How many rows of a width each item has: 1 where an item is one row, heads side by side; the positions of
    /// `[items, positions, rowWidth]`; `nil` where rows have another width.
    public func positions(ofWidth rowWidth: Int) -> Int? {
        if width == rowWidth { return 1 }
        return shape.count == 3 && shape[2] == rowWidth ? shape[1] : nil
    }

    /// Some rows of `[items, positions, d]` as fp32, counted through all items.
    ///
    /// - Parameters:
    ///   - positions: Rows of an item, as `positions(ofWidth:)` says.
    ///   - values: Room for `rows.count * width / positions` floats.
    public func read(rows: Range<Int>, positions: Int, into values: UnsafeMutablePointer<Float>) {
        guard positions > 1 else { return read(rows, into: values) }
        let rowWidth = width / positions
        for (i, row) in rows.enumerated() {
            view.element(row / positions).element(row % positions).read(into: values + i * rowWidth)
        }
    }

    /// Some items as fp32.
    ///
    /// - Parameter values: Room for `range.count * width` floats.
    public func read(_ range: Range<Int>, into values: UnsafeMutablePointer<Float>) {
        for (i, item) in range.enumerated() { view.element(item).read(into: values + i * width) }
    }
}
