import Foundation
import TopsailFiles

/// Answers of an endpoint, one file each, named by a hash of address and question. The key is not part of either.
struct AnswerCache {
    let folder: String

    init(folder: String) { self.folder = folder }

    static func name(url: String, body: Data) -> String {
        var hash = SHA256()
        Data((url + "\n").utf8).withUnsafeBytes { hash.update($0) }
        body.withUnsafeBytes { hash.update($0) }
        return hash.hexDigest() + ".json"
    }

    func answer(_ name: String) -> Data? { FileManager.default.contents(atPath: "\(folder)/\(name)") }

    func keep(_ answer: Data, _ name: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.write(answer, to: "\(folder)/\(name)")
    }
}
