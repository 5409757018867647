import TopsailCore

/// One neuron in Topsail's own format.
struct NeuronLine {
    private let neuron: ExportedNeuron
    private let texts: ExportTexts
    /// Numbers of the documents that were written before.
    private let documents: [DocumentID: Int]
    private var detail: NeuronDetail { neuron.detail }

    init(_ neuron: ExportedNeuron, _ texts: ExportTexts, _ documents: [DocumentID: Int]) {
        self.neuron = neuron
        self.texts = texts
        self.documents = documents
    }

    func write(to output: inout JSONOutput) {
        let row = detail.row
        output.member("neuron", row.id.description)
        output.member("sae", row.sae)
        output.member("index", row.index)
        output.member("layer", row.layer)
        output.member("explanation", row.explanation)
        output.member("correlation_score", row.correlationScore)
        output.array("tags", row.tags) { $0.value($1) }
        output.member("density", detail.statistics.density)
        output.member("fired", detail.statistics.firedCount)
        output.member("max", detail.statistics.maxActivation)
        output.member("q999", detail.statistics.q999)
        output.member("mean_positive", detail.statistics.meanPositive)
        writeHistogram(to: &output)
        let derived = detail.explanations.filter { $0.source != NeuronExplanation.humanSource }
        output.array("explanations", derived) { output, explanation in
            output.object { output in
                output.member("source", explanation.source)
                output.member("text", explanation.text)
                output.member("details", explanation.details)
                writeScores("scores", explanation.scores, to: &output)
            }
        }
        writeEvidence(to: &output)
        output.array("contexts", detail.contexts) { output, context in output.object { write(context, to: &$0) } }
        write("top_logits", detail.logitEffects.top, to: &output)
        write("bottom_logits", detail.logitEffects.bottom, to: &output)
        write("similar", detail.similar, to: &output)
        write("coactive", detail.coactive, to: &output)
        writePerson(to: &output)
    }

    private func writeHistogram(to output: inout JSONOutput) {
        guard let histogram = detail.histogram else { return output.member("histogram", nil as String?) }
        output.object("histogram") { output in
            output.member("lowest", histogram.lowest)
            output.member("ratio", histogram.ratio)
            output.array("counts", histogram.counts) { $0.value(Int(clamping: $1)) }
        }
    }

    private func writeScores(_ name: String, _ scores: [ExplanationScore], to output: inout JSONOutput) {
        output.array(name, scores) { output, score in
            output.object { output in
                output.member("scorer", score.scorer)
                output.member("value", score.value)
                output.member("samples", score.samples)
                output.member("low", score.low)
                output.member("high", score.high)
                output.member("details", score.details)
            }
        }
    }

    private func writeEvidence(to output: inout JSONOutput) {
        output.array("tag_evidence", detail.tags.flatMap(\.evidence)) { output, tag in
            output.object { output in
                output.member("slug", tag.slug)
                output.member("source", tag.source.rawValue)
                output.member("score", tag.score)
                output.member("effect", tag.effect)
                output.member("pairs", tag.pairs)
            }
        }
    }

    private func write(_ context: ActivatingContext, to output: inout JSONOutput) {
        output.array("tokens", texts.texts(of: context, detail.sae)) { $0.value($1) }
        output.array("activations", context.activations) { $0.value($1) }
        output.member("band", context.band)
        output.member("corpus", context.corpus)
        output.member("topic", context.topic)
        if context.texts == nil, let number = documents[context.documentID] {
            output.member("document", number)
            output.member("start", context.start)
        }
    }

    private func write(_ name: String, _ effects: [TokenEffect], to output: inout JSONOutput) {
        output.array(name, effects) { output, effect in
            output.object { output in
                output.member("token", texts.text(of: effect, detail.sae))
                if effect.text == nil { output.member("id", Int(effect.token)) }
                output.member("value", effect.value)
            }
        }
    }

    private func write(_ name: String, _ links: [RelatedNeuron], to output: inout JSONOutput) {
        output.array(name, links) { output, link in
            output.object { output in
                output.member("index", link.index)
                output.member("value", link.value)
            }
        }
    }

    private func writePerson(to output: inout JSONOutput) {
        let added = detail.tags.filter(\.isHuman).map(\.slug)
        let rejected = detail.tags.filter(\.isRejected).map(\.slug)
        let human = neuron.humanExplanation
        let isEmpty = added.isEmpty && rejected.isEmpty && human == nil && detail.note == nil && detail.lists.isEmpty
        guard !isEmpty || neuron.rating != nil else { return output.member("human", nil as String?) }
        output.object("human") { output in
            output.array("tags", added) { $0.value($1) }
            output.array("rejected", rejected) { $0.value($1) }
            output.member("explanation", human?.text)
            writeScores("explanation_scores", human?.scores ?? [], to: &output)
            output.member("note", detail.note)
            output.member("rating", neuron.rating)
            output.array("lists", detail.lists) { $0.value($1) }
        }
    }
}
