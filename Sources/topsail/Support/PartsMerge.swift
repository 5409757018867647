import Foundation
import TopsailCore
import TopsailEngine
import TopsailPipeline

/// Puts parts that shards collected together and writes the catalog.
struct PartsMerge {
    let workspace: Workspace
    let paths: [String]
    /// What is to be used in place of what the parts note.
    var model: String?
    var corpus: String?
    var saes: [String] = []
    var pairs: String?

    /// - Returns: Whether the files are parts; some but not all of them are refused.
    static func areParts(_ paths: [String]) throws -> Bool {
        let parts = paths.filter { PartFile.isPart(path: $0) }
        if parts.isEmpty { return false }
        guard parts.count == paths.count else {
            throw PartError.notAPart(path: paths.first { !PartFile.isPart(path: $0) }!)
        }
        return true
    }

    func run(progress line: ProgressLine) throws -> [CatalogBuild.Outcome] {
        let catalog = try workspace.openCatalog()
        let headers = try paths.map(PartFile.header)
        let stamp = headers[0].stamp
        var request = headers[0].request
        if let model { request.model = model }
        if let corpus { request.corpus = corpus }
        if !saes.isEmpty { request.saes = saes }
        if let pairs { request.pairs = pairs }
        var build = try CollectionInputs(workspace: workspace, request: request).build(catalog: catalog)
        build.collection.contexts = stamp.contexts
        build.collection.precision = stamp.precision
        build.collection.contextLength = stamp.contextLength
        build.collection.chunkTokens = stamp.chunkTokens
        build.scope = stamp.scope
        build.split = HeldOutSplit(fraction: stamp.heldOutFraction)
        let kernels = Set(headers.map(\.kernels)).sorted()
        if kernels.count > 1 {
            StandardError.line(
                "note: the parts come from different kinds of CPU (\(kernels.joined(separator: ", "))); "
                    + "their last bits may differ from those of one pass")
        }
        return try Interruption.handled {
            try build.run(merging: paths, into: catalog, isCancelled: { Interruption.isRequested }) { stage, share in
                line.show("\(stage.rawValue) \(Int(share * 100)) %")
            }
        }
    }
}
