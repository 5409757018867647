import ArgumentParser
import TopsailCatalog
import TopsailUI

/// Which neurons a command is about.
struct FilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A category and everything below it; topsail categories lists them.", valueName: "slug"))
    var category: String?
    @Option(help: "Neurons of this SAE.") var sae: String?
    @Option(help: "Neurons of SAEs in this layer.") var layer: Int?
    @Option(help: "Words in explanations, notes and tags; \"quoted\" for a phrase.") var search: String?
    @Option(help: "A filter as the explorer takes it after /: words, and max dens score layer sae tag has.")
    var filter: String?
    @Option(help: "Who tagged them: human, contrast or import.") var taggedBy: TagSource?
    @Option(help: "Neurons of this list of yours.") var list: String?
    @Flag(help: "Neurons without any tag.") var untagged = false

    func validate() throws {
        if untagged, category != nil || taggedBy != nil {
            throw ValidationError("--untagged neurons have no category, and nobody tagged them")
        }
        if filter != nil, search != nil { throw ValidationError("the words of --search belong into --filter here") }
    }

    /// - Throws: `FilterExpression.Problem` for a filter that cannot be read.
    func selected() throws -> NeuronFilter {
        let scope: NeuronQuery.Scope = untagged ? .untagged : category.map { .category($0) } ?? .all
        let typed = try filter.map { try FilterExpression.parse($0) } ?? FilterExpression()
        var selected = NeuronFilter(NeuronQuery(scope: scope, filter: typed))
        selected.sae = sae ?? selected.sae
        selected.layer = layer ?? selected.layer
        selected.search = search ?? selected.search
        selected.taggedBy = taggedBy
        selected.list = list
        return selected
    }
}

/// The order of a list of neurons.
struct SortOptions: ParsableArguments {
    @Option(help: "score, density, max, id, relevance or evidence.") var sort = NeuronSort.Key.id
    @Flag(help: "The other way around: small figures first, names from the end.") var reverse = false

    var order: NeuronSort {
        let usual = NeuronSort(sort)
        return NeuronSort(sort, ascending: usual.ascending != reverse)
    }
}

extension TagSource: ExpressibleByArgument {}
extension NeuronSort.Key: ExpressibleByArgument {}
