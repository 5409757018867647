import Foundation

/// The entries of a checkpoint's zip by their roles. All lie in one folder of any name.
struct TorchEntries {
    private let archive: ZipArchive

    init(_ archive: ZipArchive) { self.archive = archive }

    /// The pickle's bytes.
    ///
    /// - Throws: `unsupported` for TorchScript, which is a program; `corrupt` when there is not one pickle.
    func pickle() throws(FileFormatError) -> Data {
        let entry = try pickleEntry()
        return try archive.contents(of: entry, limit: PickleMachine.largestProgram)
    }

    /// The storages that a pickle names, checked against their entries.
    func storages(_ named: [PickledStorage]) throws(FileFormatError) -> [TorchStorage] {
        let prefix = String(try pickleEntry().name.dropLast("data.pkl".count))
        let isBigEndian = try byteOrder(prefix) == "big"
        var known: [String: TorchStorage] = [:]
        var result: [TorchStorage] = []
        for storage in named {
            let size = storage.dtype?.bytesPerBlock ?? 1
            if let same = known[storage.key], same.byteCount == storage.count.multipliedReportingOverflow(by: size).0 {
                result.append(same)
                continue
            }
            func error(_ reason: FileFormatError.Reason) -> FileFormatError {
                FileFormatError(path: archive.path, place: "storage \(storage.key.prefix(100))", reason: reason)
            }
            guard !storage.key.isEmpty, storage.key.utf8.allSatisfy(Self.isPlain) else {
                throw error(.refused("the name of the storage"))
            }
            guard let entry = archive.entry(named: "\(prefix)data/\(storage.key)") else {
                throw error(.corrupt("there is no entry data/\(storage.key)"))
            }
            let (byteCount, overflows) = storage.count.multipliedReportingOverflow(by: size)
            guard !overflows, byteCount == entry.size else {
                throw error(.corrupt("\(storage.count) elements do not take the entry's \(entry.size) bytes"))
            }
            let made = TorchStorage(archive, entry, isBigEndian: isBigEndian)
            known[storage.key] = made
            result.append(made)
        }
        return result
    }

    private func pickleEntry() throws(FileFormatError) -> ZipEntry {
        let pickles = archive.entries.filter {
            $0.name.hasSuffix(TorchFile.pickleName) && $0.name.filter { $0 == "/" }.count == 1
        }
        guard pickles.count == 1 else {
            throw FileFormatError(
                path: archive.path, reason: .corrupt("\(pickles.count) pickles named data.pkl where one is needed"))
        }
        let prefix = pickles[0].name.dropLast("data.pkl".count)
        if archive.entry(named: "\(prefix)constants.pkl") != nil {
            throw FileFormatError(path: archive.path, reason: .unsupported("a TorchScript program"))
        }
        return pickles[0]
    }

    /// Absent in files of older versions, which are little-endian.
    private func byteOrder(_ prefix: String) throws(FileFormatError) -> String {
        guard let entry = archive.entry(named: "\(prefix)byteorder") else { return "little" }
        let order = String(decoding: try archive.contents(of: entry, limit: 16), as: UTF8.self)
        guard ["little", "big"].contains(order) else {
            throw FileFormatError(path: archive.path, place: "byteorder", reason: .unsupported("the order \(order)"))
        }
        return order
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
