/// Which neurons a list keeps, in a form that is quick to ask a million times.
struct NeuronMembers: Sendable {
    /// Row ids of the SAEs that may be in it, rising; `nil` for any.
    var saes: [Int64]?
    /// Conditions on who tagged a neuron.
    var tags: [TagCondition] = []
    /// Sets that a neuron must be in, each.
    var sets: [NeuronSet] = []

    /// A condition on `tag_sources`.
    enum TagCondition: Sendable {
        case none
        case any(ofBits: UInt8)
    }

    func contains(_ id: Int64, tags sources: UInt8) -> Bool {
        for condition in tags {
            switch condition {
            case .none: if sources != 0 { return false }
            case .any(let bits): if sources & bits == 0 { return false }
            }
        }
        if let saes {
            let sae = NeuronKey(rowID: id).sae
            guard saes.contains(sae) else { return false }
        }
        for set in sets where !set.contains(id) { return false }
        return true
    }
}

/// A set of neurons as bits, one for each index of an SAE.
struct NeuronSet: Sendable {
    /// By row id of the SAE.
    private var parts: [(sae: Int64, bits: [UInt64])] = []
    /// Where each SAE from the first one's row id on stands in `parts`, −1 for those that do not; empty where they lie far
    /// apart.
    private var places: [Int] = []
    private static let farApart = 4096

    init(_ ids: some Sequence<Int64>) { for id in ids { insert(id) } }

    func contains(_ id: Int64) -> Bool {
        let key = NeuronKey(rowID: id)
        guard let part = part(of: key.sae) else { return false }
        let word = key.index / 64
        return word < parts[part].bits.count && parts[part].bits[word] & 1 << UInt64(key.index % 64) != 0
    }

    mutating func insert(_ id: Int64) {
        let key = NeuronKey(rowID: id)
        let part = part(of: key.sae) ?? add(key.sae)
        let word = key.index / 64
        if word >= parts[part].bits.count {
            parts[part].bits.append(
                contentsOf: repeatElement(0, count: max(word + 1, parts[part].bits.count * 2) - parts[part].bits.count))
        }
        parts[part].bits[word] |= 1 << UInt64(key.index % 64)
    }

    mutating func remove(_ id: Int64) {
        let key = NeuronKey(rowID: id)
        guard let part = part(of: key.sae), key.index / 64 < parts[part].bits.count else { return }
        parts[part].bits[key.index / 64] &= ~(1 << UInt64(key.index % 64))
    }

    private mutating func add(_ sae: Int64) -> Int {
        let place = parts.firstIndex { $0.sae > sae } ?? parts.count
        parts.insert((sae, []), at: place)
        let first = parts[0].sae, last = parts[parts.count - 1].sae
        places = [Int](repeating: -1, count: last - first < Self.farApart ? Int(last - first) + 1 : 0)
        if !places.isEmpty { for number in parts.indices { places[Int(parts[number].sae - first)] = number } }
        return place
    }

    private func part(of sae: Int64) -> Int? {
        if !places.isEmpty {
            let offset = sae - parts[0].sae
            guard offset >= 0, offset < places.count, places[Int(offset)] >= 0 else { return nil }
            return places[Int(offset)]
        }
        var low = 0, high = parts.count
        while low < high {
            let middle = (low + high) / 2
            if parts[middle].sae < sae { low = middle + 1 } else { high = middle }
        }
        return low < parts.count && parts[low].sae == sae ? low : nil
    }
}
