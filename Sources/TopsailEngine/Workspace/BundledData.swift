import Foundation

/// The `Data` folder that comes with the program.
public struct BundledData: Sendable, Hashable {
    public let root: String

    public init(root: String) { self.root = root }

    /// Finds it: `$TOPSAIL_DATA`, else `share/topsail` of the prefix the program is installed in, else `Data` in a folder above
    /// the program (a build inside the repository).
    ///
    /// - Returns: `nil` when the program came alone.
    public static func locate(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: String? = Bundle.main.executablePath
    ) -> BundledData? {
        if let path = environment["TOPSAIL_DATA"], !path.isEmpty { return BundledData(root: path) }
        guard let executable else { return nil }
        var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("share/topsail").path
        if isData(installed) { return BundledData(root: installed) }
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("Data").path
            if isData(candidate) { return BundledData(root: candidate) }
            folder = folder.deletingLastPathComponent()
        }
        return nil
    }

    /// The taxonomy is the one thing that is always shipped.
    private static func isData(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/taxonomy.json")
    }

    public var taxonomyPath: String { root + "/taxonomy.json" }
    var catalogPath: String { root + "/catalog.sqlite.gz" }
    var assessment: AssessmentFile { AssessmentFile(path: root + "/assessment.json") }

    /// The SAEs that are shipped, by name.
    var saes: [WorkspaceSAE] {
        let folder = root + "/saes"
        return FileManager.default.visibleNames(in: folder)
            .map { WorkspaceSAE(name: $0, path: "\(folder)/\($0)") }
            .filter { FileManager.default.isFolder($0.path) }
    }
}
