import Foundation

extension AssessmentModel {
    /// The JSON form, keys in snake case.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// - Returns: `nil` for what is no assessment of this version, or has terms that name no neuron.
    public init?(encoded data: Data) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let model = try? decoder.decode(AssessmentModel.self, from: data), model.version == Self.currentVersion,
            model.categories.allSatisfy({ $0.terms.allSatisfy { model.neurons.indices.contains($0.neuron) } })
        else { return nil }
        self = model
    }
}
