import Testing
import TopsailFiles
import TopsailTestSupport

/// Examples of FIPS 180-4 and of NIST's test vectors.
@Suite("SHA-256") struct SHA256Tests {
    @Test(
        "published digests",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func published(text: String, digest: String) throws {
        let folder = try TemporaryFolder()
        #expect(try SHA256File.hexDigest(path: folder.file("f", Array(text.utf8))) == digest)
    }

    @Test("pieces of any length give the digest of the whole")
    func pieces() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for count in 0...300 {
            var whole = SHA256()
            bytes.prefix(count).withUnsafeBytes { whole.update($0) }
            let expected = whole.hexDigest()
            for piece in [1, 63, 64, 65, 130] {
                var hash = SHA256()
                for start in stride(from: 0, to: count, by: piece) {
                    bytes[start..<min(start + piece, count)].withUnsafeBytes { hash.update($0) }
                }
                #expect(hash.hexDigest() == expected, "\(count) bytes in pieces of \(piece)")
            }
        }
    }
}
