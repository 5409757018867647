import Synchronization
import TopsailTensor

/// One npy array whose bytes are fetched when they are asked for: mapped as they lie, or inflated.
final class NPYStore: Sendable {
    /// The array's bytes in file order, and what keeps them.
    struct Content: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer
        let owner: any Sendable
    }

    let header: NPYHeader
    private let path: String
    private let place: String
    private let fetch: @Sendable () throws(FileFormatError) -> Content
    private let kept = Mutex<Content?>(nil)
    private let rowMajor = Mutex<OwnedBytes?>(nil)

    init(
        path: String, place: String, header: NPYHeader,
        fetch: @escaping @Sendable () throws(FileFormatError) -> Content
    ) {
        self.path = path
        self.place = place
        self.header = header
        self.fetch = fetch
    }

    /// - Throws: `unsupported` for arrays of text.
    func info(name: String, offset: Int) throws(FileFormatError) -> TensorInfo {
        guard case .number(let dtype) = header.element else {
            throw FileFormatError(path: path, place: place, reason: .unsupported("an array of texts as a tensor"))
        }
        return TensorInfo(
            name: name, dtype: dtype, shape: header.shape, offset: offset, byteCount: header.byteCount)
    }

    func view() throws(FileFormatError) -> TensorView {
        let content = try littleEndian()
        guard case .number(let dtype) = header.element else {
            throw FileFormatError(path: path, place: place, reason: .unsupported("an array of texts as a tensor"))
        }
        return TensorView(
            dtype: dtype, shape: header.shape, strides: header.strides, base: content.bytes.baseAddress,
            owner: content.owner)
    }

    /// The bytes in row-major order; empty when they cannot be had.
    func rowMajorBytes() -> UnsafeRawBufferPointer {
        guard let view = try? view(), let base = view.base else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        if view.isContiguous { return UnsafeRawBufferPointer(start: base, count: header.byteCount) }
        return rowMajor.withLock { kept in
            if kept == nil {
                let owned = OwnedBytes(count: header.byteCount)
                owned.bytes.copyBytes(from: view.contiguousBytes())
                kept = owned
            }
            return UnsafeRawBufferPointer(kept!.bytes)
        }
    }

    private func littleEndian() throws(FileFormatError) -> Content {
        let result = kept.withLock { kept in
            Result { () throws(FileFormatError) -> Content in
                if let kept { return kept }
                var content = try fetch()
                if header.isBigEndian, header.elementSize > 1 {
                    let swapped = OwnedBytes(count: content.bytes.count)
                    swapped.bytes.copyMemory(from: content.bytes)
                    swapped.swapByteOrder(elementSize: header.elementSize)
                    content = Content(bytes: UnsafeRawBufferPointer(swapped.bytes), owner: swapped)
                }
                kept = content
                return content
            }
        }
        return try result.get()
    }
}
