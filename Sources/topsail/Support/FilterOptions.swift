import ArgumentParser
import TopsailCatalog

/// Which neurons a command is about.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A category and everything below it; topsail categories lists them.", valueName: "slug"))
    var category: String?
    @Option(help: "Neurons of this SAE.") var sae: String?
    @Option(help: "Neurons of SAEs in this layer.") var layer: Int?
    @Option(help: "Words in explanations, notes and tags; \"quoted\" for a phrase.") var search: String?
    @Option(help: "Who tagged them: human, contrast or import.") var taggedBy: TagSource?
    @Option(help: "Neurons of this list of yours.") var list: String?

    var filter: NeuronFilter {
        var filter = NeuronFilter(
            category: category.map(CategorySelection.slug) ?? .all, sae: sae, layer: layer, search: search,
            taggedBy: taggedBy)
        filter.list = list
        return filter
    }
}

extension TagSource: ExpressibleByArgument {}
extension NeuronSort.Key: ExpressibleByArgument {}
