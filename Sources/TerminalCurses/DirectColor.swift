import Foundation

/// Colours by their red, green and blue, for terminals that say they have them (`COLORTERM`) while their terminfo entry
/// knows of a palette only: the entry is copied, the copy given direct colours, and ncurses shown the copy instead.
package enum DirectColor {
    /// Places of predefined capabilities, as in ncurses' `term.h`.
    private enum Place {
        static let canChange = 27
        static let colors = TerminfoEntry.colorsPlace
        static let pairs = 14
        static let initializeColor = 299
        static let foreground = 359
        static let background = 360
    }

    /// Runs `body` while `TERMINFO` names a folder with the changed entry; as things are where there is none to change.
    ///
    /// The folder is gone afterwards: ncurses reads an entry once.
    static func withEntry<Result>(term: String, environment: [String: String], _ body: () -> Result) -> Result {
        guard let entry = TerminfoDatabase(environment: environment).entry(of: term).flatMap(changed),
            let folder = folder(holding: entry, term: term)
        else { return body() }
        setenv("TERMINFO", folder, 1)
        defer {
            if let before = environment["TERMINFO"] { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
            try? FileManager.default.removeItem(atPath: folder)
        }
        return body()
    }

    /// The first eight numbers stay the palette's, as in ncurses' own `*-direct` entries.
    ///
    /// - Returns: `nil` for a terminal without a palette to begin with.
    package static func changed(_ entry: TerminfoEntry) -> TerminfoEntry? {
        guard entry.strings.count > Place.background, entry.numbers.count > Place.pairs,
            entry.booleans.count > Place.canChange, entry.numbers[Place.colors] >= 8,
            entry.numbers[Place.colors] < 1 << 24
        else { return nil }
        var entry = entry
        entry.numbers[Place.colors] = 1 << 24
        entry.numbers[Place.pairs] = 1 << 16
        // A palette that can be redefined is of no use to colours that are not in it.
        entry.booleans[Place.canChange] = 0
        entry.strings[Place.initializeColor] = .absent
        entry.strings[Place.foreground] = .value(selection("3"))
        entry.strings[Place.background] = .value(selection("4"))
        // How ncurses is told that a colour's number is its red, green and blue, eight bits each.
        let flag = Array("RGB".utf8)
        entry.namedNumbers.removeAll { $0.name == flag }
        entry.namedStrings.removeAll { $0.name == flag }
        entry.namedBooleans.removeAll { $0.name == flag }
        let place =
            entry.namedBooleans.firstIndex { flag.lexicographicallyPrecedes($0.name) } ?? entry.namedBooleans.count
        entry.namedBooleans.insert(.init(name: flag, value: 1), at: place)
        return entry
    }

    /// `ESC [ 3n m` for the palette's first eight, else `ESC [ 38;2;r;g;b m`; terminals read the semicolons more widely
    /// than the colons of ISO 8613-6.
    private static func selection(_ digit: String) -> [UInt8] {
        let direct = "\(digit)8;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d"
        return Array("\u{1B}[%?%p1%{8}%<%t\(digit)%p1%d%e\(direct)%;m".utf8)
    }

    private static func folder(holding entry: TerminfoEntry, term: String) -> String? {
        guard let initial = term.utf8.first else { return nil }
        let folder = NSTemporaryDirectory() + "/topsail-terminfo-" + UUID().uuidString
        let inner = folder + "/" + String(UnicodeScalar(initial))
        do {
            try FileManager.default.createDirectory(
                atPath: inner, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(entry.bytes).write(to: URL(fileURLWithPath: inner + "/" + term))
            return folder
        } catch {
            // A full disk costs colours, not the program.
            try? FileManager.default.removeItem(atPath: folder)
            return nil
        }
    }
}
