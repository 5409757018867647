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
    public let width: Int
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
        let isNumeric = Dequantize.supports(info.dtype) && info.dtype.blockSize == 1
        guard (2...3).contains(info.shape.count), isNumeric else {
            throw FileFormatError(
                path: path, place: "tensor \(info.name)",
                reason: .corrupt("rows of activations are needed, but this is \(info.dtype.name) \(info.shape)"))
        }
        self.path = path
        self.key = info.name
        view = try archive.view(of: info)
        items = info.shape[0]
        width = info.shape.dropFirst().reduce(1, *)
    }

    /// Some rows as fp32.
    ///
    /// - Parameter values: Room for `range.count * width` floats.
    public func read(_ range: Range<Int>, into values: UnsafeMutablePointer<Float>) {
        for (i, item) in range.enumerated() { view.element(item).read(into: values + i * width) }
    }
}
