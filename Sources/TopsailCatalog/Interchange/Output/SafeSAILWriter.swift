import Foundation
import GRDB
import TopsailCore
import TopsailFiles

/// Safe-SAIL's `neuron_db`: one object, keys `layer_index` by layer and index, tags sorted, text as UTF-8. What the format
/// has no room for goes into a file beside it, `name.about.json`.
struct SafeSAILWriter {
    let path: String

    func write(
        _ neurons: SelectedNeurons, catalog: Catalog, to file: ExportFile, _ count: () throws -> Void
    ) throws {
        let saes = try neurons.saes()
        try check(saes)
        let names = try SafeSAILTags(catalog)
        var output = JSONOutput()
        try file.write("{")
        var isFirst = true
        try neurons.inLayerOrder.forEachRow { row in
            output.removeAll()
            try file.write(isFirst ? "" : ", ")
            isFirst = false
            output.value("\(row.layer ?? 0)_\(row.index)")
            output.verbatim(": ")
            output.object { output in
                // As Python's json writes it: a space after each colon and comma.
                output.spacedMember("explanation", first: true) { $0.value(row.explanation) }
                output.spacedMember("correlation_score") { $0.value(row.correlationScore) }
                output.spacedMember("tag_list") { output in
                    output.array { output in
                        for (index, tag) in names.domains(of: row.tags).enumerated() {
                            if index > 0 { output.verbatim(", ") }
                            output.value(tag)
                        }
                    }
                }
            }
            try file.write(output.bytes)
            try count()
        }
        try file.write("}\n")
        try AtomicFile.write(about(saes), to: aboutPath)
    }

    /// Keys hold a layer and no SAE.
    private func check(_ saes: [SAERecord]) throws {
        if let sae = saes.first(where: { $0.layer == nil }) {
            throw InterchangeError(
                path: path, problem: "Safe-SAIL names neurons by layer, but \(sae.name) reads no layer")
        }
        let byLayer = Dictionary(grouping: saes, by: \.layer).filter { $0.value.count > 1 }
        if let (layer, twins) = byLayer.min(by: { $0.key ?? 0 < $1.key ?? 0 }) {
            throw InterchangeError(
                path: path,
                problem: "Safe-SAIL has room for one SAE a layer, but layer \(layer ?? 0) has "
                    + twins.map(\.name).joined(separator: ", "),
                hint: "choose one with --sae")
        }
    }

    private var aboutPath: String {
        let stem = path.hasSuffix(".json") ? String(path.dropLast(5)) : path
        return stem + ".about.json"
    }

    private func about(_ saes: [SAERecord]) -> String {
        var output = JSONOutput()
        output.object { output in
            output.member("written_by", "topsail")
            output.member("date", Date().formatted(.iso8601))
            output.array("saes", saes) { output, sae in
                output.object { output in
                    output.member("layer", sae.layer)
                    output.member("name", sae.name)
                    output.member("model", sae.model)
                    output.member("hook", sae.hook?.description)
                    output.member("d_sae", sae.dSAE)
                }
            }
        }
        return output.text + "\n"
    }
}

extension JSONOutput {
    /// A member with a space after the colon, and after the comma before it.
    fileprivate mutating func spacedMember(
        _ name: String, first: Bool = false, _ value: (inout JSONOutput) -> Void
    ) {
        if !first { verbatim(", ") }
        self.value(name)
        verbatim(": ")
        value(&self)
    }
}

/// Safe-SAIL's four domains for categories of the taxonomy.
struct SafeSAILTags {
    private var domains: [String: Set<String>] = [:]

    init(_ catalog: Catalog) throws {
        let rows = try catalog.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT c.slug, c.mappings, parent.mappings AS above FROM category c
                    LEFT JOIN category parent ON parent.id = c.parent_id
                    """
            ).map { (slug: $0[0] as String, own: $0[1] as String?, above: $0[2] as String?) }
        }
        for row in rows {
            let own = SafeSAILNames.mapped(row.own)
            let names = own.isEmpty ? SafeSAILNames.mapped(row.above) : own
            domains[row.slug] = Set(names.compactMap { $0.split(separator: "/").first.map(String.init) })
        }
    }

    /// The domains of a neuron's categories, sorted; a category without one is left out.
    func domains(of slugs: [String]) -> [String] {
        slugs.reduce(into: Set<String>()) { $0.formUnion(domains[$1] ?? []) }.sorted()
    }
}
