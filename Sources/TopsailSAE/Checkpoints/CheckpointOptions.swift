/// What a person says about a checkpoint because its files cannot, or say it wrongly.
public struct CheckpointOptions: Sendable, Hashable {
    /// Active neurons a token.
    public var k: Int?
    /// Which of several stacked SAEs.
    public var modelIndex: Int?
    /// SAELens' `norm_scaling_factor`, kept in its registry and not in the checkpoint.
    public var normScalingFactor: Float?
    public var layer: Int?
    /// Which of several SAEs in one file, by its hook point.
    public var position: String?
    /// The repository that the checkpoint comes from, whose name says what the files do not.
    public var repository: String?
    /// For weights without a configuration.
    public var appliesDecoderBiasToInput: Bool?

    public init() {}

    /// The option names, as people write them.
    public static let names = [
        "k", "model_index", "norm_scaling_factor", "layer", "position", "repository", "apply_b_dec_to_input",
    ]

    /// - Throws: `SAECheckpointError` naming the option whose value makes no sense, or that is not known.
    public init(_ values: [String: String], path: String) throws {
        for (key, text) in values {
            func bad(_ expected: String) -> SAECheckpointError {
                SAECheckpointError(path, .badValue(key: "option \(key)", expected: expected, found: text))
            }
            switch key {
            case "k":
                guard let value = Int(text), value > 0 else { throw bad("a whole number above 0") }
                k = value
            case "model_index", "layer":
                guard let value = Int(text), value >= 0 else { throw bad("a whole number, not negative") }
                if key == "layer" { layer = value } else { modelIndex = value }
            case "norm_scaling_factor":
                guard let value = Float(text), value > 0, value.isFinite else { throw bad("a number above 0") }
                normScalingFactor = value
            case "position": position = Self.unquoted(text)
            case "repository": repository = Self.unquoted(text)
            case "apply_b_dec_to_input":
                guard let value = Bool(text) else { throw bad("true or false") }
                appliesDecoderBiasToInput = value
            default:
                throw SAECheckpointError(
                    path,
                    .badValue(
                        key: "the option", expected: "one of \(Self.names.joined(separator: ", "))", found: key))
            }
        }
    }

    private static func unquoted(_ text: String) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }
}
