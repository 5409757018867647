/// How many colours the terminal can show.
public enum ColorDepth: Int, Sendable, Hashable, Comparable, CaseIterable {
    case mono
    case sixteen
    case indexed256
    case truecolor

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }

    /// Reads the spelling of `--color`: `mono`/`never`/`none`, `16`, `256`, `truecolor`/`24bit`; `nil` for `auto` and
    /// anything else.
    public init?(name: String) {
        switch name.lowercased() {
        case "mono", "never", "none": self = .mono
        case "16": self = .sixteen
        case "256": self = .indexed256
        case "truecolor", "24bit": self = .truecolor
        default: return nil
        }
    }

    /// Decides on the depth; the first of these that says something wins: the user's choice, `NO_COLOR`, `COLORTERM`
    /// or a `TERM` ending in `-direct`, the terminfo entry.
    ///
    /// - Parameters:
    ///   - choice: What an option or the configuration asks for.
    ///   - environment: The process environment.
    ///   - terminfoColors: terminfo's `colors`; `nil` or negative when the entry has none.
    public static func detect(
        choice: ColorDepth? = nil, environment: [String: String], terminfoColors: Int?
    ) -> ColorDepth {
        if let choice { return choice }
        if environment["NO_COLOR"].map({ !$0.isEmpty }) == true { return .mono }
        let colorTerm = environment["COLORTERM"]?.lowercased()
        // GNU screen hands the variable of the terminal around it on, and takes such colours for blinking and worse.
        let isInScreen = environment["STY"].map { !$0.isEmpty } == true
        if !isInScreen, colorTerm == "truecolor" || colorTerm == "24bit" { return .truecolor }
        if environment["TERM"]?.hasSuffix("-direct") == true { return .truecolor }
        switch terminfoColors ?? 0 {
        case ..<8: return .mono
        case ..<256: return .sixteen
        case ..<(1 << 24): return .indexed256
        default: return .truecolor
        }
    }
}
