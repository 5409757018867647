import TerminalKit
import TopsailCore
import TopsailEngine

/// Keys on the third screen.
extension ExplorerState {
    mutating func enterContrast() -> [Effect] {
        guard !contrast.isOpened else { return [] }
        contrast.isOpened = true
        return [.loadPairs(file: nil)]
    }

    mutating func performInContrast(_ action: Action) -> [Effect] {
        switch action {
        case .up: moveInContrast(by: -step)
        case .down: moveInContrast(by: step)
        case .pageUp: moveInContrast(by: -max(1, contrastPaneHeight - 1))
        case .pageDown: moveInContrast(by: max(1, contrastPaneHeight - 1))
        case .halfPageUp: moveInContrast(by: -max(1, contrastPaneHeight / 2))
        case .halfPageDown: moveInContrast(by: max(1, contrastPaneHeight / 2))
        case .first: moveInContrast(by: -(1 << 40))
        case .last: moveInContrast(by: 1 << 40)
        case .left: contrast.pane = .concepts
        case .right: if contrast.pane == .concepts { contrast.pane = contrast.finding == nil ? .pairs : .neurons }
        case .nextPane: cycleContrastPane(by: 1)
        case .previousPane: cycleContrastPane(by: -1)
        case .zoom: contrast.isZoomed.toggle()
        case .open: return openInContrast()
        case .back: return stepOutOfContrast()
        case .rerun: return runContrast(ofAll: false)
        case .runAll: return runContrast(ofAll: true)
        case .mark: markInContrast()
        case .newPair: overlay = .pair(PairDialog(concept: contrast.concept?.slug ?? "", replacing: nil))
        case .changePair:
            if let pair = contrast.selectedPair, pair.isOwn {
                overlay = .pair(PairDialog(concept: pair.concept, replacing: pair))
            }
        case .openFile: overlay = .line(LineDialog(.pairs, text: contrast.file ?? ""))
        case .filter: openContrastFilter()
        case .sort: sortContrast()
        case .reverseSort: contrast.isReversed.toggle()
        case .swapSides: return swapSides()
        default: break
        }
        return []
    }

    private var contrastPaneHeight: Int {
        let layout = ContrastLayout(self)
        switch contrast.pane {
        case .concepts: return layout.conceptHeight(self)
        case .saes: return layout.saes.interior.height - 1
        case .neurons: return layout.neuronHeight(self)
        case .pairs: return max(1, layout.pairs.interior.height / 2)
        }
    }

    mutating func moveInContrast(by rows: Int) {
        let height = contrastPaneHeight
        switch contrast.pane {
        case .concepts:
            let before = contrast.conceptCursor.selected
            contrast.conceptCursor.move(by: rows, count: contrast.conceptRows.count, height: height)
            if contrast.conceptCursor.selected != before { conceptChanged() }
        case .saes:
            contrast.saeCursor.move(by: rows, count: contrast.saes.count, height: height)
            contrast.neuronCursor = ListCursor()
        case .neurons:
            contrast.neuronCursor.move(by: rows, count: contrast.neuronRows.count, height: height)
        case .pairs: contrast.pairCursor.move(by: rows, count: contrast.shownPairs.count, height: height)
        }
    }

    mutating func conceptChanged() {
        contrast.neuronCursor = ListCursor()
        contrast.pairCursor = ListCursor()
        contrast.marks = []
    }

    private mutating func cycleContrastPane(by step: Int) {
        let panes = ContrastLayout(self).panes
        let place = panes.firstIndex(of: contrast.pane) ?? 0
        contrast.pane = panes[(place + step + panes.count) % panes.count]
    }

    mutating func openInContrast() -> [Effect] {
        switch contrast.pane {
        case .concepts:
            guard contrast.finding == nil, job(.contrast) == nil else {
                contrast.pane = contrast.finding == nil ? .pairs : .neurons
                return []
            }
            return runContrast(ofAll: false)
        case .saes: contrast.pane = .neurons
        case .neurons:
            guard contrast.finding != nil || job(.contrast) != nil else { return runContrast(ofAll: false) }
            return contrast.selectedNeuron.map { open($0) } ?? []
        case .pairs:
            guard let pair = contrast.selectedPair else { return [] }
            return test(pair.present, against: pair.absent)
        }
        return []
    }

    /// One step out: error, run, zoom, filter, marks, pane.
    private mutating func stepOutOfContrast() -> [Effect] {
        if dismissError() { return [] }
        if job(.contrast) != nil { return cancel(.contrast) }
        if contrast.isZoomed {
            contrast.isZoomed = false
        } else if !contrast.filter.isEmpty {
            contrast.filter = ""
        } else if !contrast.marks.isEmpty {
            contrast.marks = []
        } else if contrast.pane != .concepts {
            contrast.pane = .concepts
        } else if contrast.file != nil {
            return [.loadPairs(file: nil)]
        }
        return []
    }

    private mutating func markInContrast() {
        guard let key = contrast.selectedNeuron else { return }
        if let place = contrast.marks.firstIndex(of: key) {
            contrast.marks.remove(at: place)
        } else {
            contrast.marks.append(key)
        }
        moveInContrast(by: 1)
    }

    /// The name of a concept, with its domain where there is one.
    public func conceptLabel(_ slug: String) -> String {
        guard let node = categories.nodes.first(where: { $0.slug == slug }) else { return slug }
        return node.label
    }
}

/// Runs and what comes of them.
extension ExplorerState {
    /// Why no pairs can be read now.
    var noPairs: String? {
        guard let pairs = contrast.pairs else { return "the pairs are being read" }
        if pairs.isEmpty {
            return "there are no pairs; \(keyName(of: .newPair)) writes one, \(keyName(of: .openFile)) opens a file"
        }
        return contrast.concept == nil ? "no concept matches the filter; \(clearingKeyName) clears it" : nil
    }

    mutating func runContrast(ofAll: Bool) -> [Effect] {
        if let reason = noPairs {
            say(reason)
            return []
        }
        let all = contrast.pairs ?? []
        let chosen = ofAll ? all : contrast.shownPairs
        guard let first = chosen.first else { return [] }
        contrast.generation += 1
        let title =
            ofAll ? "contrast of \(contrast.concepts.count) concepts" : "contrast of \(conceptLabel(first.concept))"
        begin(.contrast, title, of: 2 * chosen.count)
        record(contrastCommand)
        return [.contrast(chosen, generation: contrast.generation)]
    }

    /// The command that does the same for all concepts.
    private var contrastCommand: String {
        let file = contrast.file ?? "Data/pairs.jsonl"
        return "topsail contrast --pairs \(file.shellQuoted) --thresholds 0.25,0.5,0.75"
    }

    mutating func receive(_ pairs: [PromptPair], from file: String?) {
        let kept = contrast.concept?.slug
        contrast.take(pairs, from: file)
        arrangeContrast()
        let place = contrast.conceptRows.firstIndex { contrast.concepts[$0].slug == kept } ?? 0
        contrast.conceptCursor = ListCursor(selected: place, offset: contrast.conceptCursor.offset)
        contrast.pairCursor = ListCursor()
        if let file {
            say(
                "\(Figures.count(pairs.count)) pairs of \(contrast.concepts.count) concepts from \(file)",
                kind: .success)
        }
    }

    mutating func receive(_ step: ContrastEvent, generation: Int) -> [Effect] {
        guard generation == contrast.generation else { return [] }
        switch step {
        case .progress(let concept, let done, let total):
            advance(.contrast, "contrast of \(conceptLabel(concept))", done: done, of: total)
            return []
        case .findings(let findings):
            let isFirst = contrast.findings.isEmpty
            contrast.take(findings)
            if isFirst, screen == .contrast, contrast.pane == .concepts, contrast.finding != nil,
                contrast.concepts.count == 1
            {
                contrast.pane = .neurons
            }
            return loadLabels(of: findings)
        }
    }

    mutating func contrastEnded(generation: Int) {
        guard generation == contrast.generation, job(.contrast) != nil else { return }
        end(.contrast)
        guard let finding = contrast.finding else { return }
        let chosen = finding.neurons.count(where: \.isChosen)
        say("\(conceptLabel(finding.concept)): \(chosen) neuron\(chosen == 1 ? "" : "s") pass the selection")
    }

    /// Takes a pair that a person wrote, in the place of the one it was made from.
    mutating func keep(_ new: PromptPair?, replacing old: PromptPair?) -> [Effect] {
        guard contrast.file == nil else {
            say("own pairs are kept with the program's; \(keyName(of: .back)) goes back to those")
            return []
        }
        var pairs = contrast.pairs ?? []
        let place = old.flatMap { old in pairs.firstIndex(of: old) }
        if let place { pairs.remove(at: place) }
        if let new { pairs.insert(new, at: place ?? pairs.count) }
        // What was written is on show, whatever was looked for.
        contrast.conceptFilter = ""
        contrast.take(pairs, from: nil)
        if let new, let row = contrast.concepts.firstIndex(where: { $0.slug == new.concept }) {
            contrast.conceptCursor = ListCursor(selected: row, offset: contrast.conceptCursor.offset)
            contrast.pane = .concepts
            conceptChanged()
        }
        return [.keepPairs(contrast.own)]
    }

    mutating func settleContrast() -> [Effect] {
        guard screen == .contrast, !isTooSmall else { return [] }
        arrangeContrast()
        let layout = ContrastLayout(self)
        if !layout.panes.contains(contrast.pane) { contrast.pane = .concepts }
        contrast.conceptCursor.reveal(count: contrast.conceptRows.count, height: layout.conceptHeight(self))
        contrast.saeCursor.reveal(count: contrast.saes.count, height: layout.saes.interior.height - 1)
        contrast.neuronCursor.reveal(count: contrast.neuronRows.count, height: layout.neuronHeight(self))
        contrast.pairCursor.reveal(count: contrast.shownPairs.count, height: max(1, layout.pairs.interior.height / 2))
        return []
    }
}
