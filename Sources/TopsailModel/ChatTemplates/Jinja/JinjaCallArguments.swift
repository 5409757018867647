/// What is passed to a filter, a test or a call.
struct JinjaCallArguments {
    var positional: [JinjaValue] = []
    var keywords: [(name: String, value: JinjaValue)] = []

    /// How deeply the values are nested.
    var depth: Int { (positional + keywords.map(\.value)).map(\.depth).max() ?? 0 }

    /// Matches the arguments with the names of parameters.
    ///
    /// - Throws: For too many, unknown, repeated or missing ones.
    func bound(_ names: [String], required: Int = 0, to callee: String) throws -> [JinjaValue?] {
        guard positional.count <= names.count else {
            throw JinjaFailure.failed("\(callee) takes at most \(names.count) arguments, not \(positional.count)")
        }
        var values: [JinjaValue?] = positional + Array(repeating: nil, count: names.count - positional.count)
        for (name, value) in keywords {
            guard let place = names.firstIndex(of: name), values[place] == nil else {
                throw JinjaFailure.failed("\(callee) does not take the argument \(name) here")
            }
            values[place] = value
        }
        if let missing = (0..<required).first(where: { values[$0] == nil }) {
            throw JinjaFailure.failed("\(callee) needs the argument \(names[missing])")
        }
        return values
    }

    /// The same without the first positional argument.
    func dropFirst(_ count: Int = 1) -> JinjaCallArguments {
        JinjaCallArguments(positional: Array(positional.dropFirst(count)), keywords: keywords)
    }
}
