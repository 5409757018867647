import TopsailTensor

/// What the names in a pickle stand for: storages, tensors, parameters, shapes.
extension PickleMachine {
    /// `("storage", class, key, location, count)`, torch's way of naming bytes outside the pickle.
    mutating func readPersistentID() throws(FileFormatError) {
        guard case .tuple(let place) = try pop() else { throw corrupt("a storage is named by a tuple") }
        let parts = containers[place].items
        guard parts.count == 5, case .text("storage") = parts[0], case .text(let key) = parts[2],
            case .int(let count) = parts[4], count >= 0
        else { throw corrupt("a storage is not named as torch names it") }
        let storage: PickledStorage
        switch parts[1] {
        case .global(.storage(let dtype)): storage = PickledStorage(key: key, dtype: dtype, count: count)
        case .global(.untypedStorage): storage = PickledStorage(key: key, dtype: nil, count: count)
        case let other: throw corrupt("a storage cannot be \(other.kind)")
        }
        stack.append(.storage(try add(storage)))
    }

    private mutating func add(_ storage: PickledStorage) throws(FileFormatError) -> Int {
        storages.append(storage)
        return storages.count - 1
    }

    /// Applies a name to a tuple of arguments.
    mutating func reduce() throws(FileFormatError) {
        let arguments = try pop()
        let callable = try pop()
        guard case .tuple(let place) = arguments else { throw corrupt("arguments are a tuple") }
        guard case .global(let global) = callable else {
            throw reader.error(.refused("calling \(callable.kind)"))
        }
        stack.append(try apply(global, containers[place].items))
    }

    private mutating func apply(
        _ global: PickleGlobal, _ arguments: [PickleValue]
    ) throws(FileFormatError) -> PickleValue {
        switch global {
        case .orderedDictionary:
            guard arguments.isEmpty else { throw corrupt("\(global.name) takes no arguments here") }
            return .dictionary(try add([PickleValue]()))
        case .rebuildTensor: return try tensor(arguments, isTyped: false)
        case .rebuildTypedTensor: return try tensor(arguments, isTyped: true)
        case .rebuildParameter:
            guard arguments.count == 3, case .tensor = arguments[0] else {
                throw corrupt("\(global.name) takes a tensor and two more arguments")
            }
            return arguments[0]
        case .size:
            guard arguments.count == 1, case .tuple = arguments[0] else {
                throw corrupt("\(global.name) takes a tuple")
            }
            return arguments[0]
        case .device:
            guard case .text(let name)? = arguments.first else { throw corrupt("\(global.name) takes a name") }
            guard arguments.count > 1, case .int(let index) = arguments[1] else { return .text(name) }
            return .text("\(name):\(index)")
        case .storage, .untypedStorage, .elementType: throw reader.error(.refused("calling \(global.name)"))
        }
    }

    /// `(storage, offset, size, stride, requires_grad, hooks[, dtype][, metadata])`.
    private mutating func tensor(_ arguments: [PickleValue], isTyped: Bool) throws(FileFormatError) -> PickleValue {
        let fixed = isTyped ? 7 : 6
        guard (fixed...fixed + 1).contains(arguments.count), case .storage(let storage) = arguments[0],
            case .int(let offset) = arguments[1]
        else { throw corrupt("a tensor is not rebuilt as torch rebuilds it") }
        guard case .dictionary(let hooks) = arguments[5], containers[hooks].items.isEmpty else {
            throw reader.error(.refused("a tensor with hooks"))
        }
        guard let dtype = try isTyped ? elementType(arguments[6]) : storages[storage].dtype else {
            throw corrupt("a tensor has no type")
        }
        if let stored = storages[storage].dtype, stored != dtype {
            throw corrupt("a tensor of \(dtype.name) lies in a storage of \(stored.name)")
        }
        let shape = try sizes(arguments[2])
        let strides = try sizes(arguments[3])
        guard shape.count == strides.count else { throw corrupt("a tensor has \(shape.count) sizes, other strides") }
        tensors.append(
            PickledTensor(storage: storage, dtype: dtype, offset: offset, shape: shape, strides: strides))
        return .tensor(tensors.count - 1)
    }

    private func elementType(_ value: PickleValue) throws(FileFormatError) -> DType? {
        guard case .global(.elementType(let name, let dtype)) = value else { return nil }
        guard let dtype else { throw reader.error(.unsupported("a tensor of torch.\(name)")) }
        return dtype
    }

    private func sizes(_ value: PickleValue) throws(FileFormatError) -> [Int] {
        guard case .tuple(let place) = value else { throw corrupt("sizes and strides are tuples") }
        let items = containers[place].items
        guard items.count <= 32 else { throw reader.error(.outOfRange("\(items.count) dimensions are too many")) }
        var result: [Int] = []
        for item in items {
            guard case .int(let size) = item, size >= 0 else {
                throw corrupt("sizes and strides are whole numbers, none negative")
            }
            result.append(size)
        }
        return result
    }

    /// State dicts carry `_metadata` for their modules; it is dropped. Anything else that sets state is refused.
    mutating func build() throws(FileFormatError) {
        let state = try pop()
        guard case .dictionary? = stack.last, case .dictionary = state else {
            throw reader.error(.refused("setting the state of \(stack.last?.kind ?? "nothing")"))
        }
    }
}
