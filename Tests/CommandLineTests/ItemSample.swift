import Foundation
import TopsailFiles
import TopsailTestSupport

/// An SAE of pictures: ReLU over six inputs, eight neurons, in the files that people have.
struct ItemSample {
    static let dIn = 6
    static let dSAE = 8

    /// `[dIn][dSAE]`.
    let encoder: [[Float]]
    let bias: [Float]
    /// `[items * positions][dIn]`.
    let rows: [[Float]]
    let labels: [String]

    /// Neuron 0 reads input 0, which is large where the label says cat; neuron 7 never fires.
    init(items: Int = 120, positions: Int = 1) {
        var random = SeededGenerator(seed: 11)
        var encoder = (0..<Self.dIn).map { _ in (0..<Self.dSAE).map { _ in Float.random(in: -1...1, using: &random) } }
        for input in 0..<Self.dIn {
            encoder[input][0] = input == 0 ? 1 : 0
            encoder[input][7] = 0
        }
        var bias = (0..<Self.dSAE).map { _ in Float.random(in: -0.2...0.2, using: &random) }
        bias[0] = 0
        bias[7] = -1
        let animals = ["cat", "dog", "owl", "fox", "elk"]
        labels = (0..<items).map { "\(animals[$0 % 5]), photo \($0)" }
        rows = (0..<items * positions).map { row in
            var values = (0..<Self.dIn).map { _ in Float.random(in: -1...1, using: &random) }
            if (row / positions) % 5 == 0 { values[0] += 3 }
            return values
        }
        self.encoder = encoder
        self.bias = bias
    }

    /// `relu(x · W_enc + b_enc)` of one neuron on one row, summed in double precision.
    func activation(_ neuron: Int, _ row: Int) -> Double {
        let sum = (0..<Self.dIn).reduce(Double(bias[neuron])) {
            $0 + Double(rows[row][$1]) * Double(encoder[$1][neuron])
        }
        return max(0, sum)
    }

    /// A checkpoint of bare matrices.
    func writeSAE(to path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let decoder = (0..<Self.dSAE).flatMap { neuron in (0..<Self.dIn).map { encoder[$0][neuron] } }
        try Self.write(
            [
                ("W_enc", [Self.dIn, Self.dSAE], encoder.flatMap { $0 }), ("b_enc", [Self.dSAE], bias),
                ("W_dec", [Self.dSAE, Self.dIn], decoder),
                ("b_dec", [Self.dIn], Array(repeating: 0, count: Self.dIn)),
            ], to: path + "/sae.safetensors")
    }

    /// Tensors by name, shape and values in a safetensors file.
    static func write(_ tensors: [(name: String, shape: [Int], values: [Float])], to path: String) throws {
        let writer = try SafetensorsWriter(path: path, tensors: tensors.map { .init($0.name, .f32, $0.shape) })
        for tensor in tensors { try tensor.values.withUnsafeBufferPointer { try writer.append($0, to: tensor.name) } }
        try writer.finish()
    }
}
