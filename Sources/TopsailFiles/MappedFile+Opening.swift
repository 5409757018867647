import TopsailTensor

extension MappedFile {
    /// Maps a file, with failures as this target's error.
    static func opening(_ path: String) throws(FileFormatError) -> MappedFile {
        do {
            return try MappedFile(path: path)
        } catch {
            throw FileFormatError(path: path, reason: .unreadable(errno: error.code))
        }
    }
}
