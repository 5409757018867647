import TopsailFiles
import TopsailTokenizer

/// Reads named values out of a model's settings and refuses by name what is missing or makes no sense.
///
/// Keys that are absent and keys that are null count alike unless a method says otherwise.
protocol ModelSettings {
    /// The file, for errors.
    var path: String { get }
    /// The key as the file spells it, for errors.
    func fullName(_ key: String) -> String
    func value(_ key: String) -> SettingValue?
}

/// A setting of `config.json` or of GGUF metadata.
enum SettingValue: Sendable, Hashable {
    case bool(Bool)
    case int(Int)
    case number(Double)
    case text(String)
    case numbers([Double])
    case texts([String])
    case other(String)

    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var description: String {
        switch self {
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        case .numbers(let values): "a list of \(values.count) numbers"
        case .texts(let values): "a list of \(values.count) texts"
        case .other(let what): what
        }
    }
}

extension ModelSettings {
    /// A count that must be above 0 and small enough to be one.
    ///
    /// - Parameter limit: The largest that makes sense; what is allocated by the setting alone needs a smaller one.
    func size(_ key: String, default fallback: Int? = nil, limit: Int = 1 << 28) throws -> Int {
        guard let value = value(key) else {
            if let fallback { return fallback }
            throw missing(key)
        }
        guard case .int(let size) = value, size > 0, size <= limit else { throw unsupported(key, value) }
        return size
    }

    /// A finite number.
    func number(_ key: String, default fallback: Float? = nil) throws -> Float {
        guard let value = value(key) else {
            if let fallback { return fallback }
            throw missing(key)
        }
        guard let number = value.number.map({ Float($0) }), number.isFinite else { throw unsupported(key, value) }
        return number
    }

    /// A number above 0, where there is one.
    func positive(_ key: String) throws -> Float? {
        guard let value = value(key) else { return nil }
        guard let number = value.number.map({ Float($0) }), number > 0, number.isFinite else {
            throw unsupported(key, value)
        }
        return number
    }

    func flag(_ key: String, default fallback: Bool) throws -> Bool {
        guard let value = value(key) else { return fallback }
        guard case .bool(let flag) = value else { throw unsupported(key, value) }
        return flag
    }

    func text(_ key: String) throws -> String? {
        guard let value = value(key) else { return nil }
        guard case .text(let text) = value else { throw unsupported(key, value) }
        return text
    }

    func texts(_ key: String, count: Int) throws -> [String]? {
        guard let value = value(key) else { return nil }
        guard case .texts(let texts) = value, texts.count == count else { throw unsupported(key, value) }
        return texts
    }

    /// Numbers above 0, exactly `count` of them.
    func divisors(_ key: String, count: Int) throws -> [Float] {
        guard let value = value(key) else { throw missing(key) }
        guard case .numbers(let numbers) = value, numbers.count == count else { throw unsupported(key, value) }
        let divisors = numbers.map { Float($0) }
        guard divisors.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw unsupported(key, value) }
        return divisors
    }

    /// Refuses settings that lack any of these keys, naming all of them at once.
    func requireAll(_ keys: [String]) throws {
        let absent = keys.filter { value($0) == nil }
        guard !absent.isEmpty else { return }
        throw ModelError.missingSettings(path: path, keys: absent.map(fullName))
    }

    /// Refuses a setting that is there with another value than the one that is understood.
    func require(_ key: String, isAbsentOr wanted: SettingValue) throws {
        if let value = value(key), value != wanted { throw unsupported(key, value) }
    }

    func missing(_ key: String) -> ModelError { .missingSettings(path: path, keys: [fullName(key)]) }

    func unsupported(_ key: String, _ value: SettingValue) -> ModelError {
        .unsupportedSetting(path: path, key: fullName(key), found: value.description)
    }
}
