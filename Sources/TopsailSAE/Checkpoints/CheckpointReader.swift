import Foundation

/// Reads the checkpoints of one ecosystem.
protocol CheckpointReader: Sendable {
    /// The ecosystem's name, as `--sae-format` takes it and `sae info` gives it.
    static var format: String { get }

    /// Whether tensors and configuration are this ecosystem's. File names are no proof.
    static func recognises(_ checkpoint: Checkpoint) -> Bool

    /// - Throws: An error that names the file and the key, tensor or option at fault.
    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder
}

/// All ecosystems.
enum CheckpointReaders {
    /// In an order in which the first that recognises a checkpoint is right: those with tensors or keys of their own before
    /// those that share names.
    static var all: [any CheckpointReader.Type] {
        [
            SafeSAILReader.self, OpenAIReader.self, GoodfireReader.self, EndToEndReader.self, TemporalReader.self,
            CrossLayerReader.self, LlamascopiumReader.self, LlamaScopeR1Reader.self, LlamaScopeReader.self,
            SparsifyReader.self, SwitchReader.self, AdaptiveKReader.self, DictionaryLearningReader.self,
            TopAFAReader.self, MatryoshkaReader.self, BatchTopKReader.self, SAELensReader.self, GemmaScope2Reader.self,
            GemmaScopeReader.self, AttentionSAEsReader.self, TranscoderSetReader.self, QResearchReader.self,
            QwenScopeReader.self, PlainReader.self,
        ]
    }

    static func named(_ format: String) -> (any CheckpointReader.Type)? {
        let wanted = format.lowercased().replacingOccurrences(of: "_", with: "-")
        return all.first { $0.format.replacingOccurrences(of: "_", with: "-") == wanted }
    }
}
