import TopsailCore
import TopsailModel
import TopsailSAE

/// Whether an SAE and a model belong together.
public enum SAEFit {
    /// The hook point at which an SAE reads a model.
    ///
    /// - Parameter override: Said by the user.
    /// - Throws: `AnalysisError` when the SAE does not say it or its width is another, `ModelError` when the model has no
    ///   such point.
    public static func hook(
        of sae: any SparseAutoencoder, in model: LanguageModel, override: HookPoint? = nil
    ) throws -> HookPoint {
        guard let hook = override ?? sae.info.hook else { throw AnalysisError.noHook(sae: sae.info.name) }
        try model.checkHook(hook)
        let width = model.configuration.width(of: hook)!
        guard width == sae.info.dIn else {
            throw AnalysisError.widthMismatch(
                sae: sae.info.name, hook: hook.description, expected: sae.info.dIn, found: width)
        }
        return hook
    }
}
