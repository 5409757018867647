import Foundation
import Testing
import TopsailFiles

@Suite("gzip") struct GzipTests {
    /// Two members, "fair winds\n" and "following seas\n", made with Python's `gzip` 3.12.
    static let twoMembers = Data(
        base64Encoded: "H4sIAAAAAAACA0tLzCxSKM/MSynmAgD1Ei7OCwAAAB+LCAAAAAAAAgNLy8/JyS/PzEtXKE5NLOYCACMasmAPAAAA")!

    @Test("what is compressed comes back", arguments: [0, 1, 1000, 3_000_000])
    func roundTrip(count: Int) throws {
        let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) })
        let packed = try Gzip.compress(data)
        #expect(try Gzip.decompress(packed, limit: count) == data)
        #expect(count < 1000 || packed.count < count)
    }

    @Test("all members of a file are read")
    func members() throws {
        #expect(try Gzip.decompress(Self.twoMembers, limit: 100) == Data("fair winds\nfollowing seas\n".utf8))
    }

    @Test("more than the limit is refused")
    func limit() throws {
        let bomb = try Gzip.compress(Data(count: 10_000_000))
        #expect(try failure { _ = try Gzip.decompress(bomb, limit: 9_999_999) }.reason.name == "outOfRange")
    }

    @Test("a cut stream, a changed one and another format are told apart")
    func broken() throws {
        let packed = try Gzip.compress(Data("the wind did it".utf8))
        #expect(try failure { _ = try Gzip.decompress(packed.dropLast(), limit: 100) }.reason.name == "truncated")
        var changed = packed
        changed[changed.count - 6] ^= 1
        #expect(try failure { _ = try Gzip.decompress(changed, limit: 100) }.reason.name == "corrupt")
        #expect(try failure { _ = try Gzip.decompress(Data("plain".utf8), limit: 100) }.reason.name == "notThisFormat")
        #expect(try failure { _ = try Gzip.decompress(Data(), limit: 100) }.reason.name == "notThisFormat")
    }
}
