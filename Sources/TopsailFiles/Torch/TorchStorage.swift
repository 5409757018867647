import Foundation
import Synchronization
import TopsailTensor

/// The bytes that one or more tensors of a checkpoint lie in.
final class TorchStorage: Sendable {
    private struct Content: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer
        let owner: any Sendable
    }

    private let archive: ZipArchive
    private let entry: ZipEntry
    private let isBigEndian: Bool
    /// Content by the element size it was put in order for; mapped bytes in this machine's order are not kept.
    private let kept = Mutex<[Int: OwnedBytes]>([:])
    private let rowMajor = Mutex<[Int: OwnedBytes]>([:])

    init(_ archive: ZipArchive, _ entry: ZipEntry, isBigEndian: Bool) {
        self.archive = archive
        self.entry = entry
        self.isBigEndian = isBigEndian
    }

    var byteCount: Int { entry.size }

    /// Repeated elements (stride 0) need no room in the storage, but a reader would make some.
    private static let mostRepeated = 1 << 24

    /// The description of a tensor in this storage.
    ///
    /// - Throws: `outOfRange` when one of its elements would lie outside the storage.
    func info(_ tensor: PickledTensor, name: String, path: String) throws(FileFormatError) -> TensorInfo {
        func error(_ reason: FileFormatError.Reason) -> FileFormatError {
            FileFormatError(path: path, place: "tensor \(name)", reason: reason)
        }
        let size = tensor.dtype.bytesPerBlock
        let capacity = byteCount / size
        guard let extent = TensorExtent(tensor.shape.map { UInt64($0) }, dtype: tensor.dtype) else {
            throw error(TensorExtent.uncountable)
        }
        let count = extent.byteCount / size
        guard tensor.offset >= 0, count <= max(capacity, Self.mostRepeated) else {
            throw error(.outOfRange("the shape \(tensor.shape) does not fit a storage of \(capacity) elements"))
        }
        if count > 0 {
            var last = tensor.offset
            for (extent, stride) in zip(tensor.shape, tensor.strides) {
                let (reach, first) = (extent - 1).multipliedReportingOverflow(by: stride)
                let (sum, second) = last.addingReportingOverflow(reach)
                guard !first, !second else { throw error(TensorExtent.uncountable) }
                last = sum
            }
            guard last < capacity else {
                throw error(.outOfRange("element \(last) lies outside a storage of \(capacity) elements"))
            }
        }
        let start = count > 0 ? tensor.offset * size : 0
        return TensorInfo(
            name: name, dtype: tensor.dtype, shape: tensor.shape, offset: entry.range.lowerBound + start,
            byteCount: extent.byteCount)
    }

    /// - Precondition: `info` passed.
    func view(of tensor: PickledTensor) throws(FileFormatError) -> TensorView {
        let size = tensor.dtype.bytesPerBlock
        let content = try content(elementSize: size)
        let isEmpty = tensor.shape.contains(0)
        return TensorView(
            dtype: tensor.dtype, shape: tensor.shape, strides: tensor.strides,
            base: isEmpty ? nil : content.bytes.baseAddress.map { $0 + tensor.offset * size }, owner: content.owner)
    }

    /// The tensor's bytes in row-major order; none when they cannot be had.
    func rowMajorBytes(of tensor: PickledTensor, place: Int) -> UnsafeRawBufferPointer {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        guard let view = try? view(of: tensor), let base = view.base,
            let count = view.dtype.byteCount(elements: view.elementCount)
        else { return nothing }
        // Mapped or kept by this storage, so that it outlives the view.
        if view.isContiguous { return UnsafeRawBufferPointer(start: base, count: count) }
        return rowMajor.withLock { kept in
            if let known = kept[place] { return UnsafeRawBufferPointer(known.bytes) }
            let owned = OwnedBytes(count: count)
            owned.bytes.copyBytes(from: view.contiguousBytes())
            kept[place] = owned
            return UnsafeRawBufferPointer(owned.bytes)
        }
    }

    private func content(elementSize: Int) throws(FileFormatError) -> Content {
        let swaps = isBigEndian && elementSize > 1
        if !swaps, let stored = archive.storedBytes(of: entry) { return Content(bytes: stored, owner: archive) }
        let owned = try kept.withLock { kept in
            Result { () throws(FileFormatError) -> OwnedBytes in
                if let known = kept[elementSize] { return known }
                let owned = OwnedBytes(count: entry.size)
                try archive.read(entry, into: owned.bytes)
                if swaps { owned.swapByteOrder(elementSize: elementSize) }
                kept[elementSize] = owned
                return owned
            }
        }.get()
        return Content(bytes: UnsafeRawBufferPointer(owned.bytes), owner: owned)
    }
}
