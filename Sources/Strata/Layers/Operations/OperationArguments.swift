internal import StrataGraph

/// The arguments of an operation from a file: those of its class, and those of the call.
struct OperationArguments {
    /// The arguments of the class.
    let configuration: Configuration
    /// The call's positional arguments.
    let positional: [OperationArgument]
    /// The call's keyword arguments.
    let named: [String: OperationArgument]
    /// The tensors of the model in both.
    let tensors: [SymbolicTensor]

    /// The limit of axes, sizes and counts in files, so that their sums and products do not
    /// overflow.
    private static let largest = 1 << 24

    // MARK: Tensors

    /// An operand, and whether it is a scalar that takes the type of the other one.
    private func operand(
        _ argument: OperationArgument
    ) throws(GraphError.Problem) -> (value: SymbolicTensor, isNumber: Bool) {
        switch argument {
        case .tensor(let number):
            guard tensors.indices.contains(number) else { break }
            return (tensors[number], false)
        case .constant(let tensor): return (.constant(tensor), false)
        case .flag(let value): return (.constant(Tensor([value], shape: [])), false)
        case .integer(let value):
            guard let whole = Int32(exactly: value) else {
                return (.constant(Float(value)), true)
            }
            return (.constant(Tensor([whole], shape: [])), true)
        case .number(let value): return (.constant(value), true)
        case .list(let items):
            let values = try items.map { item throws(GraphError.Problem) in
                try operand(item).value
            }
            guard values.allSatisfy({ $0.rank == 0 }), !values.isEmpty else { break }
            let type = values.map(\.dtype).reduce(DType.bool) { $0.promoted(with: $1) }
            return (
                .concatenated(values.map { $0.cast(to: type).reshaped([1]) }, axis: 0), false
            )
        case .none, .text, .slice, .ellipsis: break
        }
        throw .invalidArgument(
            "an argument of the operation is not a tensor", fix: "call it with tensors or numbers")
    }

    /// The argument at a position, or by name.
    func argument(_ index: Int, _ name: String? = nil) -> OperationArgument {
        if positional.indices.contains(index) { return positional[index] }
        return name.flatMap { named[$0] } ?? .none
    }

    /// The tensor at a position of the call, in its own type.
    func tensor(_ index: Int = 0) throws(GraphError.Problem) -> SymbolicTensor {
        try operand(argument(index)).value
    }

    /// The optional tensor at a position of the call, or by name.
    func optionalTensor(_ index: Int, _ name: String) throws(GraphError.Problem) -> SymbolicTensor?
    {
        let argument = argument(index, name)
        return argument == .none ? nil : try operand(argument).value
    }

    /// The tensor at a position as floating-point values, as most functions need it.
    func float(_ index: Int = 0) throws(GraphError.Problem) -> SymbolicTensor {
        try tensor(index).inFloatingPoint
    }

    /// The list of tensors at the first position, in their common type.
    func list() throws(GraphError.Problem) -> [SymbolicTensor] {
        guard case .list(let items) = argument(0) else { return [try tensor()] }
        let values = try items.map { item throws(GraphError.Problem) in try operand(item).value }
        let type = values.dropFirst().reduce(values.first?.dtype ?? .float32) {
            $0.promoted(with: $1.dtype)
        }
        return values.map { $0.cast(to: type) }
    }

    /// Two operands promoted to one type by Keras's rules, with weakly typed scalars.
    func pair(
        _ first: Int = 0, _ second: Int = 1
    ) throws(GraphError.Problem) -> (SymbolicTensor, SymbolicTensor) {
        let (a, b) = (try operand(argument(first)), try operand(argument(second)))
        let type: DType =
            switch (a.isNumber, b.isNumber) {
            case (true, false): b.value.dtype.beside(number: a.value.dtype)
            case (false, true): a.value.dtype.beside(number: b.value.dtype)
            case (true, true), (false, false): a.value.dtype.promoted(with: b.value.dtype)
            }
        return (a.value.cast(to: type), b.value.cast(to: type))
    }

    /// A function of two operands whose result has their type.
    func binary(
        _ body: (SymbolicTensor, SymbolicTensor) -> SymbolicTensor
    ) throws(GraphError.Problem) -> SymbolicTensor {
        let (a, b) = try pair()
        if a.dtype.isFloatingPoint { return body(a, b) }
        return body(a.cast(to: .float32), b.cast(to: .float32)).cast(to: a.dtype)
    }

    /// A function of two operands with a floating-point result.
    func fraction(
        _ body: (SymbolicTensor, SymbolicTensor) -> SymbolicTensor
    ) throws(GraphError.Problem) -> SymbolicTensor {
        let (a, b) = try pair()
        if a.dtype.isFloatingPoint { return body(a, b) }
        return body(a.cast(to: .float32), b.cast(to: .float32))
    }

    /// A condition on two operands: true or false for each element.
    func condition(
        _ body: (SymbolicTensor, SymbolicTensor) -> SymbolicTensor
    ) throws(GraphError.Problem) -> SymbolicTensor { try fraction(body).cast(to: .bool) }

    /// A function of one operand whose result has its type.
    func same(
        _ body: (SymbolicTensor) throws -> SymbolicTensor
    ) throws -> SymbolicTensor {
        let x = try tensor()
        return x.dtype.isFloatingPoint
            ? try body(x) : try body(x.cast(to: .float32)).cast(to: x.dtype)
    }

    // MARK: Numbers

    /// An integer argument of the class.
    func int(_ name: String, default fallback: Int? = nil) throws -> Int {
        try Self.checked([try configuration.int(name, default: fallback)])[0]
    }

    /// One or several integer arguments of the class.
    func ints(_ name: String) throws -> [Int]? {
        guard configuration.value(name) != nil else { return nil }
        return try Self.checked(try configuration.ints(name))
    }

    /// Integers at a position of the call.
    func ints(at index: Int) throws(GraphError.Problem) -> [Int] {
        guard case .list(let items) = argument(index) else {
            throw .invalidArgument("integers are missing", fix: "give a list of them")
        }
        let numbers = items.compactMap { item -> Int? in
            if case .integer(let value) = item { value } else { nil }
        }
        guard numbers.count == items.count else {
            throw .invalidArgument(
                "one of the integers is a tensor", fix: "give numbers that do not change")
        }
        return try Self.checked(numbers)
    }

    private static func checked(_ values: [Int]) throws(GraphError.Problem) -> [Int] {
        guard values.allSatisfy({ $0.magnitude <= largest }) else {
            throw .invalidArgument(
                "\(values) is too large", fix: "use numbers of at most \(largest)")
        }
        return values
    }

    func number(_ name: String, default fallback: Float? = nil) throws -> Float {
        try configuration.float(name, default: fallback)
    }

    func flag(_ name: String) throws -> Bool { try configuration.bool(name, default: false) }

    /// The axes of a reduction of the first tensor; all if none is named.
    func axes(_ name: String = "axis") throws -> [Int]? {
        guard let values = try ints(name) else { return nil }
        return try Axes(values).normalized(in: try tensor().shape)
    }

    /// An axis of the first tensor.
    func axis(_ name: String = "axis", default fallback: Int? = nil) throws -> Int {
        let shape = try tensor().shape
        let axis = try int(name, default: fallback)
        guard let index = shape.normalized(axis: axis) else {
            throw GraphError.Problem.invalidArgument(
                "\(shape) has no axis \(axis)", fix: "choose one that it has")
        }
        return index
    }

    /// An axis of the first tensor, if one is named.
    func optionalAxis() throws -> Int? {
        configuration.value("axis") == nil ? nil : try axis()
    }

    /// The length of an axis of the first tensor.
    func length(_ axis: Int) throws(GraphError.Problem) -> Int {
        let shape = try tensor().shape
        guard let length = shape[axis] else {
            throw .unknownDimension(shape, needed: "axis \(axis)")
        }
        return length
    }

    /// The dimensions of the first tensor.
    func sizes() throws(GraphError.Problem) -> [Int] {
        let shape = try tensor().shape
        guard let sizes = shape.known else {
            throw .unknownDimension(shape, needed: "every dimension")
        }
        return sizes
    }

    /// The output of a layer without weights that has the operation's arguments: one layer for each
    /// number of spatial axes, from `first` on.
    func applied(
        _ types: [any SerializableLayer.Type], first: Int = 1, _ more: [String: JSONValue] = [:]
    ) throws -> SymbolicTensor {
        let x = try tensor()
        let index = x.rank - 2 - first
        guard types.indices.contains(index) else {
            throw GraphError.Problem.wrongRank(
                got: x.shape, expected: "images with \(first) or more spatial axes")
        }
        let members = configuration.members.merging(more) { $1 }
        let layer = try types[index].init(
            configuration: Configuration(members, path: configuration.path))
        return layer.call([x], CallContext(isTraining: false))[0]
    }
}

extension DType {
    /// The promotion order of Keras's types.
    private var order: Int {
        switch self {
        case .bool: 0
        case .uint8: 1
        case .int32: 2
        case .bfloat16: 3
        case .float32: 4
        }
    }

    /// The result type of both (Keras 3.15.1 `backend.result_type`).
    func promoted(with other: DType) -> DType { order < other.order ? other : self }

    /// The result type of this one and a weakly typed scalar.
    func beside(number: DType) -> DType {
        if number.isFloatingPoint { return isFloatingPoint ? self : .float32 }
        return self == .bool ? .int32 : self
    }
}
