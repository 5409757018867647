/// One file in a zip archive.
public struct ZipEntry: Sendable, Hashable {
    /// How an entry's bytes are kept.
    public enum Method: Sendable, Hashable {
        case stored
        case deflated
        /// Not read here; the text says why.
        case unsupported(String)
    }

    /// Relative name with `/` between folders; folders themselves end in `/`. Never leaves the folder it is unpacked
    /// in.
    public let name: String
    public let method: Method
    /// Bytes of the content.
    public let size: Int
    /// CRC-32 of the content.
    let checksum: UInt
    /// Where the entry's bytes, possibly compressed, lie in the archive.
    let range: Range<Int>

    /// Bytes taken in the archive.
    public var compressedSize: Int { range.count }
}
