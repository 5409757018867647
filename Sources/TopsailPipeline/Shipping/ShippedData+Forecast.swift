import Foundation
import TopsailAnalysis
import TopsailCore
import TopsailModel

extension ShippedData {
    /// Counts what a run takes. Reads the inputs and a few hundred tokens with the model; makes nothing.
    ///
    /// - Throws: What reading the inputs throws, as the run would.
    public func forecast() throws -> RunForecast {
        let texts = try CorpusStore(path: folder + "/corpus").texts()
        let pairs = try ContrastPair.load(path: folder + "/pairs.jsonl")
        let everyday = try EverydayPrompts.load(path: folder + "/corpus/seeds.jsonl")
        let exam = try LabelledPrompt.load(path: folder + "/heldout.jsonl")

        // Its activations are all that the shipped SAEs, the compared ones and collecting read of the corpus.
        var all = training
        if !all.hooks.contains(choiceHook) { all.hooks.append(choiceHook) }
        var forecast = try SAETraining(all, model: model, modelName: modelName).forecast(texts)
        forecast.trainings = []
        let compared = training.sparsities.count * training.architectures.count
        if compared > 1 {
            forecast.trainings.append(
                .init(purpose: "SAEs to choose from", saes: compared, tokensEach: training.tokens))
            forecast.readings.append(
                .init(
                    "choice of the SAE",
                    try SAEChoice.readable(pairs, background: everyday, exam: exam, model: model)))
        }
        forecast.trainings.append(
            .init(purpose: "SAEs to ship", saes: training.hooks.count, tokensEach: training.tokens))
        var build = CatalogBuild(
            model: model, corpusName: "synthetic", texts: texts, members: [], pairs: pairs)
        build.evaluationTokens = evaluationTokens
        build.scope = training.scope
        forecast.readings += try CatalogBuild.readings(
            pairs: pairs, evaluated: build.evaluated(build.readings()), saes: training.hooks.count, model: model)
        let others = AssessmentBuild.others(everyday, try fittedPrompts())
        let fitted = try AssessmentBuild.renderings(pairs, others: others.map(\.text), model: model)
        forecast.readings.append(.init("calibration", fitted))
        if let length = LengthFit.fittedTokens(of: fitted.map(\.countedTokens)) {
            let beginnings = try AssessmentBuild.beginnings(
                of: EverydayPrompts.documents(of: texts), length, limit: AssessmentBuild.documentLimit, model: model)
            forecast.readings.append(.init("lengths", beginnings.flatMap(\.self)))
        }
        return forecast
    }
}
