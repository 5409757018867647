import ArgumentParser

/// `topsail sae`: checkpoints by themselves, without a model.
struct SAECommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sae", abstract: "Inspect sparse autoencoders and encode with them.",
        discussion: "Example: topsail sae info mlp_out.14-topk32",
        subcommands: [
            SAEListCommand.self, SAEInfoCommand.self, SAECheckCommand.self, SAEEncodeCommand.self,
            SAEConvertCommand.self,
        ])
}
