import TopsailCatalog
import TopsailEngine

/// What the workspace holds and how to open it, for where there is no terminal.
struct WorkspaceOverview {
    private let workspace: Workspace

    init(_ workspace: Workspace) { self.workspace = workspace }

    func print(json: Bool) throws {
        let summary = workspace.hasCatalog ? try workspace.openCatalog().summary() : nil
        let models = workspace.models()
        let saes = workspace.saes()
        if json {
            StandardOutput.line(
                JSONText.object([
                    "workspace": workspace.root, "exists": workspace.exists, "models": models.map(\.name),
                    "default_model": models.first(where: \.isDefault)?.name, "saes": saes.map(\.name),
                    "neurons": summary?.neurons, "explained": summary?.explained,
                    "annotations": summary?.annotations,
                ]).line)
            return
        }
        var rows = [["workspace", workspace.exists ? workspace.root : "\(workspace.root) (not there yet)"]]
        rows += models.map { ["model", $0.isDefault ? "\($0.name), the default" : $0.name] }
        rows += saes.map { ["SAE", $0.name] }
        if let summary {
            rows.append([
                "catalog",
                "\(summary.neurons) neurons, \(summary.explained) explained, \(summary.annotations) annotations of yours",
            ])
        }
        Columns.print(rows)
        StandardOutput.line("")
        if summary == nil { return StandardOutput.line("To fill it: topsail setup") }
        StandardOutput.line(
            "This is not a terminal. To explore, run topsail in one. To read a prompt here: topsail report")
    }
}
