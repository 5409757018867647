import Foundation
import TopsailCore
import TopsailFiles

/// A results folder of delphi's: the shown explanation of each neuron, and its score by simulation, in files of their own.
struct DelphiWriter {
    let neurons: SelectedNeurons

    func write(to path: String, _ count: () throws -> Void) throws {
        try ExportFolder.write(to: path) { folder in
            var written = 0
            for part in ["explanations", "scores/simulation"] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
            }
            try neurons.forEachDetail { neuron in
                let detail = neuron.detail
                let shown = detail.explanations.first { $0.source == detail.row.explanationSource }
                guard let shown, let text = shown.text else { return }
                let name = "\(Self.module(detail.sae.name))_latent\(detail.row.index).txt"
                var explanation = JSONOutput()
                explanation.value(text)
                try AtomicFile.write(explanation.text, to: "\(folder)/explanations/\(name)")
                if let score = detail.row.correlationScore {
                    try AtomicFile.write(Self.simulation(score), to: "\(folder)/scores/simulation/\(name)")
                }
                written += 1
                try count()
            }
            guard written > 0 || neurons.count == 0 else {
                throw InterchangeError(path: path, problem: "none of the \(neurons.count) neurons has an explanation")
            }
        }
    }

    /// `/` of a module's name is `--` in the names of files.
    private static func module(_ sae: String) -> String { sae.replacing("/", with: "--") }

    /// The part of a simulation's results that stands for everything.
    private static func simulation(_ score: Double) -> String {
        var output = JSONOutput()
        output.array { output in
            output.object { output in
                output.member("distance", 0)
                output.array("scored_sequence_simulations", [] as [Int]) { $0.value($1) }
                output.member("ev_correlation_score", score)
            }
        }
        return output.text
    }
}
