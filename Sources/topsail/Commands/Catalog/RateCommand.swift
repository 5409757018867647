import ArgumentParser
import TopsailCatalog
import TopsailEngine

/// `topsail rate`: a person's opinion of a neuron.
struct RateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate", abstract: "Give a neuron 1 to 5 stars; none takes them away.",
        discussion: "Example: topsail rate 14_1424 4")

    @OptionGroup var common: CommonOptions
    @Argument(help: "The neuron: 14_1424 or sae-name/1424.") var neuron: String
    @Argument(help: "1 (of no use) to 5, or none.") var rating: Rating

    func run() async throws {
        try NeuronChange(neuron, common).perform { try $0.setRating(rating.stars, of: $1) }
    }

    /// `1` … `5`, or `none`.
    struct Rating: ExpressibleByArgument {
        let stars: Int?

        init?(argument: String) {
            if argument == "none" {
                stars = nil
            } else if let stars = Int(argument), (1...5).contains(stars) {
                self.stars = stars
            } else {
                return nil
            }
        }

        static var allValueStrings: [String] { ["1", "2", "3", "4", "5", "none"] }
    }
}
