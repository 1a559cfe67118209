/// What a layer may know and do while its `call` is traced.
public final class CallContext {
    /// Whether the step trains: dropout drops, and batch normalization uses the batch's statistics.
    public let isTraining: Bool
    private var values: [Variable: SymbolicTensor] = [:]
    package private(set) var updates: [(variable: Variable, value: SymbolicTensor)] = []
    /// Penalties that are added to the loss.
    private(set) var penalties: [SymbolicTensor] = []
    private var randomCount: UInt64 = 0
    var masks = Masks()
    /// The trainers that this trace has a step of.
    private(set) var trainers: [Trainer] = []
    /// Counts steps, so that every step draws other numbers.
    let step: Variable?

    package init(isTraining: Bool, step: Variable? = nil) {
        self.isTraining = isTraining
        self.step = step
    }

    /// The type in which the layer that is being traced computes.
    package internal(set) var computeDType = DType.float32
    /// The layer that is being traced; `nil` in a model.
    var caller: Layer?

    /// The value of a variable at the start of the step, in the variable's own type.
    package func value(of variable: Variable) -> SymbolicTensor {
        if let known = values[variable] { return known }
        let value = SymbolicTensor.variable(variable)
        values[variable] = value
        return value
    }

    /// The value of the weight that a layer calls `name`, in the type in which the layer computes.
    ///
    /// - Returns: an error where the layer has no such weight.
    public func value(of name: String, of layer: Layer) -> SymbolicTensor {
        let value = fullValue(of: name, of: layer)
        return value.dtype.isFloatingPoint ? value.cast(to: computeDType) : value
    }

    /// The value of the weight that a layer calls `name`, in the type in which it is kept.
    public func fullValue(of name: String, of layer: Layer) -> SymbolicTensor {
        guard let variable = layer.variable(name) else { return missing(name, layer) }
        return value(of: variable)
    }

    private func missing(_ name: String, _ layer: Layer) -> SymbolicTensor {
        SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "layer \(layer.name) has no weight \(name)",
                    fix: "make it in build(_:) with addWeight")))
    }

    /// Gives the weight that a layer calls `name` a new value at the end of the step.
    ///
    /// Later reads of the weight in the same step see the new value, as in Keras.
    public func update(_ name: String, of layer: Layer, to value: SymbolicTensor) {
        guard let variable = layer.variable(name) else { return }
        updates.removeAll { $0.variable == variable }
        updates.append((variable, value))
        values[variable] = value
    }

    /// Lets reads of a variable see another value while `body` traces; afterwards they see its own.
    func replacing<T>(_ variable: Variable, by value: SymbolicTensor, _ body: () -> T) -> T {
        let own = self.value(of: variable)
        defer { values[variable] = own }
        values[variable] = value
        return body()
    }

    /// Gives variables new values at the end of the step; all reads see the old ones.
    func add(_ updates: [(variable: Variable, value: SymbolicTensor)], _ trainer: Trainer) {
        self.updates += updates
        trainers.append(trainer)
    }

    /// Adds a scalar to the loss.
    public func addPenalty(_ penalty: SymbolicTensor) {
        penalties.append(penalty)
    }

    /// A key for random numbers of this call alone, that follows from a layer's seed.
    func randomKey(seed: UInt64) -> UInt64 {
        randomCount += 1
        return RandomGenerator.derived(seed, salt: randomCount)
    }

    /// The number of the step as an `int32` scalar.
    var stepNumber: SymbolicTensor {
        step.map { value(of: $0) } ?? .constant(Tensor([Int32(0)], shape: []))
    }
}
