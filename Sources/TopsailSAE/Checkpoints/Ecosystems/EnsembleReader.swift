import Foundation
import TopsailCore

/// Reads ensembles of SAEs, a layout of our own: a folder with `ensemble.json`,
/// `{"ensemble": "bagging" | "boosting", "members": ["a", "b"]}`, whose members are folders or files below it.
enum EnsembleReader {
    static let format = "topsail-ensemble"
    static let manifestName = "ensemble.json"
    private static let mostMembers = 64

    static func recognises(path: String) -> Bool { manifest(path) != nil }

    private static func manifest(_ path: String) -> String? {
        let candidate = path.hasSuffix(manifestName) ? path : "\(path)/\(manifestName)"
        return FileManager.default.fileExists(atPath: candidate) ? candidate : nil
    }

    /// - Throws: When a member's path leads out of the folder, is an ensemble itself, or has other widths than the first.
    static func read(path: String, name: String) throws -> EnsembleSAE {
        guard let manifest = manifest(path) else { throw SAECheckpointError(path, .unknownLayout) }
        let file = try ConfigurationFile(path: manifest)
        guard let text = try file.string("ensemble"), let kind = EnsembleSAE.Kind(rawValue: text) else {
            throw SAECheckpointError(
                manifest,
                .badValue(
                    key: "ensemble", expected: "bagging or boosting", found: (file["ensemble"] ?? .null).description))
        }
        let members = try memberNames(file).map { member in
            let place = (manifest as NSString).deletingLastPathComponent + "/\(member)"
            guard !recognises(path: place) else {
                throw SAECheckpointError(manifest, .unsupported("an ensemble as a member"))
            }
            return try SAELoader.open(path: place, name: member)
        }
        let first = members[0].info
        for (member, own) in zip(try memberNames(file), members.map(\.info))
        where own.dIn != first.dIn || own.dOut != first.dOut || !own.hasDecoder {
            throw SAECheckpointError(
                manifest,
                .badValue(
                    key: "members", expected: "SAEs of \(first.dIn) → \(first.dOut) with decoders",
                    found: "\(member) of \(own.dIn) → \(own.dOut)"))
        }
        return EnsembleSAE(info: info(name, kind, members.map(\.info)), kind: kind, members: members)
    }

    /// Where the members are.
    static func memberPaths(_ path: String) throws -> [String] {
        guard let manifest = manifest(path) else { throw SAECheckpointError(path, .unknownLayout) }
        let folder = (manifest as NSString).deletingLastPathComponent
        return try memberNames(ConfigurationFile(path: manifest)).map { "\(folder)/\($0)" }.filter {
            !recognises(path: $0)
        }
    }

    private static func memberNames(_ file: ConfigurationFile) throws -> [String] {
        guard case .list(let values)? = file["members"], !values.isEmpty, values.count <= mostMembers else {
            throw SAECheckpointError(
                file.path,
                .badValue(
                    key: "members", expected: "a list of 1 to \(mostMembers) names",
                    found: (file["members"] ?? .null).description))
        }
        return try values.map { value in
            guard case .string(let name) = value, !name.isEmpty, !name.hasPrefix("/"),
                !name.split(separator: "/").contains("..")
            else { throw file.bad("members", expected: "names below the folder", found: value) }
            return name
        }
    }

    private static func info(_ name: String, _ kind: EnsembleSAE.Kind, _ members: [SAEInfo]) -> SAEInfo {
        let first = members[0]
        let hook = members.allSatisfy { $0.hook == first.hook } ? first.hook : nil
        return SAEInfo(
            name: name, format: format, architecture: kind == .bagging ? .bagging : .boosting, hook: hook,
            model: first.model, dIn: first.dIn, dOut: first.dOut, dSAE: members.reduce(0) { $0 + $1.dSAE },
            dtype: first.dtype,
            parameters: [
                "members": .list(members.map { .string($0.name) }),
                "member_sizes": .list(members.map { .int($0.dSAE) }),
            ])
    }
}
