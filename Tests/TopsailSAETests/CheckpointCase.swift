import Foundation
import TopsailFiles
import TopsailSAE
import TopsailTestSupport

/// One of the golden checkpoints that other people's libraries wrote and ran.
struct CheckpointCase: Decodable {
    struct Tolerance: Decodable { let abs, rel: Float }

    let id: String
    let kind: String
    let ecosystem: String
    let architecture: String?
    let checkpoint: String
    let dIn: Int?
    let dSAE: Int?
    let dOut: Int?
    let options: [String: ConfigurationValue]?
    let tolerance: Tolerance?
    let fails: [String]?
    let names: [String]?
    let mustNotExist: [String]?

    private enum CodingKeys: String, CodingKey {
        case id, kind, ecosystem, architecture, checkpoint, options, tolerance, fails
        case dIn = "d_in"
        case dSAE = "d_sae"
        case dOut = "d_out"
        case names = "message_should_name"
        case mustNotExist = "must_not_exist_afterwards"
    }

    static func read(_ folder: String) throws -> CheckpointCase {
        try JSONDecoder().decode(CheckpointCase.self, from: Fixtures.data("sae/\(folder)/case.json"))
    }

    /// The folders whose case is of a kind.
    static func all(_ kind: String, in folder: String = "") -> [String] {
        Fixtures.names(in: "sae/\(folder)").map { folder.isEmpty ? $0 : "\(folder)/\($0)" }.filter {
            Fixtures.has("sae/\($0)/case.json") && (try? read($0).kind) == kind
        }
    }

    var textOptions: [String: String] { (options ?? [:]).mapValues(\.description) }
}

/// What an SAE makes of rows, dense.
struct DenseResult {
    var features: [Float]
    var reconstruction: [Float]

    init(_ sae: any SparseAutoencoder, _ input: [Float]) {
        let tokens = input.count / sae.info.dIn
        reconstruction = [Float](repeating: .nan, count: tokens * sae.info.dOut)
        let rows = sae.reconstruct(input, tokens: tokens, into: &reconstruction)
        features = [Float](repeating: 0, count: tokens * sae.info.dSAE)
        for (token, row) in rows.enumerated() {
            for feature in row { features[token * sae.info.dSAE + Int(feature.index)] = feature.value }
        }
    }
}

/// How far `found` is beyond a tolerance; infinite for other lengths and NaN.
func excess(_ found: [Float], _ wanted: [Float], abs absolute: Float = 1e-4, rel: Float = 1e-4) -> Float {
    guard found.count == wanted.count else { return .infinity }
    var worst: Float = -.infinity
    for (a, b) in zip(found, wanted) {
        let difference = abs(a - b)
        if difference.isNaN { return .infinity }
        worst = max(worst, difference - max(absolute, rel * abs(b)))
    }
    return worst
}
