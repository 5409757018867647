import Foundation

/// The folders in which ncurses looks for a terminal's entry, in its order (terminfo(5), "Fetching Compiled
/// Descriptions").
package struct TerminfoDatabase {
    package let folders: [String]

    package init(environment: [String: String]) {
        let usual = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
        let listed = environment["TERMINFO_DIRS"].map {
            $0.split(separator: ":", omittingEmptySubsequences: false).flatMap { $0.isEmpty ? usual : [String($0)] }
        }
        let own = [environment["TERMINFO"], environment["HOME"].map { $0 + "/.terminfo" }].compactMap { $0 }
        folders = own + (listed ?? []) + usual
    }

    package func entry(of term: String) -> TerminfoEntry? {
        guard let initial = term.utf8.first, !term.contains("/") else { return nil }
        // By the first letter, or by its number where names are not told apart by case.
        let places = [String(UnicodeScalar(initial)), String(initial, radix: 16)]
        for folder in folders {
            for place in places {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(place)/\(term)") else { continue }
                return TerminfoEntry([UInt8](data))
            }
        }
        return nil
    }
}
