/// What a layer may know and do while its `call` is traced.
public final class CallContext {
    /// Whether the step trains: dropout drops, and batch normalization uses the batch's statistics.
    public let isTraining: Bool
    private var values: [Variable: SymbolicTensor] = [:]
    private(set) var updates: [(variable: Variable, value: SymbolicTensor)] = []
    /// Penalties that are added to the loss.
    private(set) var penalties: [SymbolicTensor] = []
    private var randomCount: UInt64 = 0
    /// Counts steps, so that every step draws other numbers.
    let step: Variable?

    package init(isTraining: Bool, step: Variable? = nil) {
        self.isTraining = isTraining
        self.step = step
    }

    /// The value of a variable at the start of the step.
    public func value(of variable: Variable) -> SymbolicTensor {
        if let known = values[variable] { return known }
        let value = SymbolicTensor.variable(variable)
        values[variable] = value
        return value
    }

    /// The value of the weight that a layer calls `name`; an error where it has none.
    public func value(of name: String, of layer: Layer) -> SymbolicTensor {
        guard let variable = layer.variables.first(where: { $0.name == name }) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "layer \(layer.name) has no weight \(name)",
                        fix: "make it in build(_:) with addWeight")))
        }
        return value(of: variable)
    }

    /// Gives a variable a new value at the end of the step.
    public func update(_ variable: Variable, to value: SymbolicTensor) {
        updates.append((variable, value))
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
