import ArgumentParser
import Foundation
import TopsailEngine
import TopsailPipeline

/// A model behind an OpenAI-compatible endpoint.
struct EndpointOptions: ParsableArguments {
    @Option(help: ArgumentHelp("An OpenAI-compatible endpoint, up to /v1.", valueName: "url")) var endpoint: String?
    @Option(help: ArgumentHelp("The model's name there.", valueName: "name")) var endpointModel: String?
    @Option(
        help: ArgumentHelp(
            "The environment variable that holds the key, which is neither stored nor shown (default: OPENAI_API_KEY, "
                + "if it is set).",
            valueName: "variable"))
    var endpointKeyVariable: String?
    @Option(help: ArgumentHelp("Questions a minute at most.", valueName: "n")) var requestsPerMinute: Double?
    @Option(help: ArgumentHelp("Ask nothing more once so many tokens went back and forth.", valueName: "n"))
    var budgetTokens: Int?
    @Option(help: ArgumentHelp("Wait so long for an answer.", valueName: "seconds")) var endpointTimeout = 120.0

    func validate() throws {
        if let requestsPerMinute, !(requestsPerMinute > 0 && requestsPerMinute.isFinite) {
            throw ValidationError("--requests-per-minute needs a number above 0")
        }
        if let budgetTokens, budgetTokens < 1 { throw ValidationError("--budget-tokens needs a number above 0") }
        if !(endpointTimeout > 0 && endpointTimeout.isFinite) {
            throw ValidationError("--endpoint-timeout needs a number above 0")
        }
    }

    /// Refuses usage that names half of an endpoint.
    ///
    /// - Parameter isUsed: Whether the command is to ask one.
    func validate(isUsed: Bool, by option: String) throws {
        if isUsed, endpoint == nil || endpointModel == nil {
            throw ValidationError("\(option) endpoint needs --endpoint and --endpoint-model")
        }
        if !isUsed, endpoint != nil || endpointModel != nil {
            throw ValidationError("--endpoint and --endpoint-model belong to \(option) endpoint")
        }
    }

    /// - Precondition: There is an endpoint.
    func open(in workspace: Workspace) throws -> EndpointModel {
        guard let endpoint, let endpointModel else { preconditionFailure("--endpoint was not given") }
        var settings = EndpointModel.Settings(url: endpoint, model: endpointModel)
        settings.key = try key()
        settings.cacheFolder = workspace.answersFolder
        settings.requestsPerMinute = requestsPerMinute
        settings.budgetTokens = budgetTokens
        settings.timeout = endpointTimeout
        return try EndpointModel(settings, isCancelled: { Interruption.isRequested })
    }

    /// - Throws: `AskingError.noKey` when a variable was named that holds none; servers of one's own need no key.
    private func key() throws -> String? {
        let variable = endpointKeyVariable ?? "OPENAI_API_KEY"
        let value = ProcessInfo.processInfo.environment[variable] ?? ""
        if value.isEmpty, endpointKeyVariable != nil { throw AskingError.noKey(variable: variable) }
        return value.isEmpty ? nil : value
    }
}
