/// Something that reads part of a tokenizer file, and the errors by which it names that file.
protocol TokenizerFileReader {
    /// The file, as it was given to the loader.
    var path: String { get }
}

extension TokenizerFileReader {
    func missing(_ key: String) -> TokenizerError { TokenizerError(path: path, reason: .missing(key)) }

    func unsupported(_ component: String, _ name: String) -> TokenizerError {
        TokenizerError(path: path, reason: .unsupported(component: component, name: name))
    }

    func bad(_ place: String, _ problem: String) -> TokenizerError {
        TokenizerError(path: path, reason: .badEntry(place: place, problem: problem))
    }
}
