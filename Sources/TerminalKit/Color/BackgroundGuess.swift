/// Guesses from the environment whether the terminal's background is light. The terminal is never asked, because an answer may not
/// come.
public struct BackgroundGuess: Sendable, Hashable {
    public let theme: Theme.Name
    /// Why, in words.
    public let reason: String

    /// - Parameter colorFGBG: The variable `COLORFGBG` that rxvt, Konsole and others set: foreground and background as numbers of
    ///   the 16 colours, `0;15` or `0;default;15`; `nil` where it is not set.
    public init(colorFGBG: String?) {
        guard let colorFGBG, !colorFGBG.isEmpty else {
            (theme, reason) = (.dark, "COLORFGBG is not set")
            return
        }
        let last = colorFGBG.split(separator: ";", omittingEmptySubsequences: false).last ?? ""
        guard colorFGBG.contains(";"), let background = Int(last), (0...15).contains(background) else {
            (theme, reason) = (.dark, "COLORFGBG names no background colour")
            return
        }
        // White and light grey, as Vim and others read it; 8 is the dark grey of bright black.
        let isLight = background == 7 || background > 8
        (theme, reason) = (isLight ? .light : .dark, "COLORFGBG says colour \(background)")
    }
}
