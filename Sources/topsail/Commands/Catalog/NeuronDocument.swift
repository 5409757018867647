import TopsailCatalog
import TopsailCore

/// A neuron as JSON.
struct NeuronDocument {
    let detail: NeuronDetail
    let contexts: [ActivatingContext]
    let texts: TokenNames

    var json: JSONText {
        let row = detail.row
        let statistics = detail.statistics
        return .object([
            "neuron": row.id.description, "sae": row.sae, "index": row.index, "layer": row.layer,
            "model": detail.sae.model, "explanation": row.explanation, "explanation_source": row.explanationSource,
            "correlation_score": row.correlationScore, "tags": row.tags, "density": statistics.density,
            "fired": statistics.firedCount, "max": statistics.maxActivation, "q999": statistics.q999,
            "mean_positive": statistics.meanPositive, "explanations": detail.explanations.map(explanation),
            "tag_evidence": detail.tags.map(tag), "contexts": contexts.map(context),
            "histogram": detail.histogram.map {
                JSONText.object(["edges": $0.edges, "counts": $0.counts.map { Int($0) }])
            },
            "top_logits": detail.logitEffects.top.map(effect), "bottom_logits": detail.logitEffects.bottom.map(effect),
            "similar": detail.similar.map { related($0, "cosine") },
            "coactive": detail.coactive.map { related($0, "value") }, "note": detail.note,
            "rating": detail.rating, "lists": detail.lists,
        ])
    }

    private func explanation(_ explanation: NeuronExplanation) -> JSONText {
        let scores = explanation.scores.map { score in
            JSONText.object([
                "scorer": score.scorer, "value": score.value, "samples": score.samples, "low": score.low,
                "high": score.high,
            ])
        }
        return .object(["source": explanation.source, "text": explanation.text, "scores": scores])
    }

    private func tag(_ tag: NeuronTag) -> JSONText {
        let evidence = tag.evidence.map { evidence in
            JSONText.object([
                "source": evidence.source.rawValue, "score": evidence.score, "effect": evidence.effect,
                "pairs": evidence.pairs,
            ])
        }
        return .object([
            "slug": tag.slug, "label": tag.label, "human": tag.isHuman, "rejected": tag.isRejected,
            "evidence": evidence,
        ])
    }

    private func context(_ context: ActivatingContext) -> JSONText {
        .object([
            "tokens": texts.texts(of: context), "activations": context.activations, "max": context.max,
            "max_position": context.maxPosition, "ids": context.texts == nil ? context.tokens : nil,
            "corpus": context.corpus, "topic": context.topic, "item": item(context),
            "document": Int(context.documentID), "start": context.start,
        ])
    }

    /// What the item is called; `nil` for a text.
    private func item(_ context: ActivatingContext) -> String? {
        detail.sae.hasLanguageModel ? nil : context.topic ?? context.texts?.first
    }

    private func effect(_ effect: TokenEffect) -> JSONText {
        .object([
            "id": effect.text == nil ? effect.token : nil, "token": texts.text(of: effect), "value": effect.value,
        ])
    }

    private func related(_ other: RelatedNeuron, _ measure: String) -> JSONText {
        .object([
            ("neuron", .string(other.id.description)), (measure, .float(other.value)),
            ("explanation", other.explanation.jsonText),
        ])
    }
}
