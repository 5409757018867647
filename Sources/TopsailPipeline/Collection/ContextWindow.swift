/// Cuts the stretch that is shown around a peak.
enum ContextWindow {
    /// Tokens shown.
    static let length = 64
    /// Tokens in front of the peak, where there are as many: a causal model has only seen those, so they explain more.
    static let before = 44

    /// The stretch around `peak` inside `context`, as long as it can be.
    static func around(_ peak: Int, in context: Range<Int>) -> Range<Int> {
        let end = min(max(peak - before, context.lowerBound) + length, context.upperBound)
        return max(end - length, context.lowerBound)..<end
    }
}
