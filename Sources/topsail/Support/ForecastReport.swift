import ArgumentParser
import TopsailPipeline

/// The flag of commands that can say beforehand what they take.
struct DryRunOptions: ParsableArguments {
    @Flag(help: "State the cost and make nothing.") var dryRun = false
}

/// What a run would take, as a document and for people.
struct ForecastReport {
    let forecast: RunForecast
    /// Where activations are kept, if anywhere.
    var folder: String?

    func print(json: Bool) {
        if json { return StandardOutput.line(document.line) }
        let readings = forecast.readings.filter { $0.tokens > 0 }
        Columns.print(readings.map { ["reads", "\($0.tokens)", "tokens", $0.purpose] }, rightAligned: [1])
        for training in forecast.trainings {
            StandardOutput.line("trains \(training.saes) \(training.purpose), on \(training.tokensEach) tokens each")
        }
        if let folder, forecast.activationBytes > 0 {
            StandardOutput.line("keeps \(Figures.size(forecast.activationBytes)) of activations in \(folder)")
        }
        StandardOutput.line(
            """
            reading takes about \(duration) at \(Int(forecast.tokensPerSecond)) tokens/s, measured just now; \
            \(forecast.trainings.isEmpty ? "" : "training, ")fitting and writing come on top
            """)
    }

    private var duration: String {
        let seconds = forecast.readingSeconds
        return seconds < 90
            ? "\(Int(seconds.rounded(.up))) seconds" : "\(Int((seconds / 60).rounded(.up))) minutes"
    }

    private var document: JSONText {
        .object([
            "readings": forecast.readings.map { JSONText.object(["purpose": $0.purpose, "tokens": $0.tokens]) },
            "trainings": forecast.trainings.map {
                JSONText.object(["purpose": $0.purpose, "saes": $0.saes, "tokens_each": $0.tokensEach])
            },
            "activation_bytes": forecast.activationBytes, "tokens_per_second": forecast.tokensPerSecond,
            "reading_seconds": forecast.readingSeconds,
        ])
    }
}
