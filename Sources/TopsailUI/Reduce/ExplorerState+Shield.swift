import TerminalKit

/// Texts of chosen categories stay hidden until they are asked for.
extension ExplorerState {
    /// Whether a category, or the domain it belongs to, is hidden.
    func isShielded(_ slug: String) -> Bool {
        shielded.contains { slug == $0 || slug.hasPrefix($0 + ".") }
    }

    /// The category for which the texts on show are hidden; `nil` when they are not.
    var veil: String? {
        guard let detail = browse.detail, unveiled != detail.key else { return nil }
        return detail.tags.first { !$0.isRejected && isShielded($0.slug) }?.slug
    }

    /// Hides the texts of the selected category, or shows them again; without one, those of every category.
    mutating func toggleShield() -> [Effect] {
        let slug: String? = if case .category(let slug) = browse.query.scope, screen == .browse { slug } else { nil }
        if let slug {
            if isShielded(slug) {
                shielded = shielded.filter { !(slug == $0 || slug.hasPrefix($0 + ".")) }
            } else {
                shielded.insert(slug)
            }
            let name = label(of: .category(slug))
            say(
                isShielded(slug)
                    ? "texts of \(name) are hidden; \(keyName(of: .unveil)) shows those of one neuron"
                    : "texts of \(name) are shown")
        } else if shielded.isEmpty {
            shielded = Set(categories.nodes.filter { $0.parent == nil }.map(\.slug))
            say("texts of all categories are hidden; \(keyName(of: .unveil)) shows those of one neuron")
        } else {
            shielded = []
            say("texts of all categories are shown")
        }
        unveiled = nil
        return [.saveShield(shielded.sorted())]
    }
}
