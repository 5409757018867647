import TopsailTensor

/// Checksums of whole files.
public enum SHA256File {
    /// SHA-256 of a file's content as 64 lower-case hexadecimal digits.
    ///
    /// - Throws: `unreadable`.
    public static func hexDigest(path: String) throws(FileFormatError) -> String {
        let file = try MappedFile.opening(path)
        var hash = SHA256()
        withExtendedLifetime(file) { hash.update(file.bytes) }
        return hash.hexDigest()
    }
}
