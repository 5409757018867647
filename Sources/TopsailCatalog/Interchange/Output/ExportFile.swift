import Foundation
import TopsailFiles

/// A file that is written piece by piece and gets its name at the end.
final class ExportFile {
    private let file: PendingFile
    private var buffer: [UInt8] = []

    private static let pieceSize = 1 << 18

    init(path: String) throws { file = try PendingFile(path: path) }

    func write(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.pieceSize { try flush() }
    }

    func write(_ text: String) throws { try write(text.utf8) }

    func commit() throws {
        try flush()
        try file.commit()
    }

    private func flush() throws {
        try buffer.withUnsafeBytes { bytes in
            Result { () throws(FileFormatError) in try file.append(bytes) }
        }.get()
        buffer.removeAll(keepingCapacity: true)
    }
}
