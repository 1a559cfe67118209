/// The context of a trace: what a layer's `call` may read and change.
public final class CallContext {
    /// Whether the step trains: dropout is active, and batch normalization uses batch statistics.
    public let isTraining: Bool
    private var values: [Variable: SymbolicTensor] = [:]
    package private(set) var updates: [(variable: Variable, value: SymbolicTensor)] = []
    /// Penalties that are added to the loss.
    private(set) var penalties: [SymbolicTensor] = []
    private var randomCount: UInt64 = 0
    var masks = Masks()
    /// Receives the places of operations, where somebody asks for them.
    var origins: NodeOrigins?
    /// What has to be done before each step.
    private(set) var preparations: [() throws -> Void] = []
    /// The step counter, so that each step draws other random values.
    let step: Variable?
    /// The batch of all ranks, where several train.
    let ranks: GlobalBatch?
    /// The index of the batch's first sample in the whole batch, an `int32` scalar.
    ///
    /// It is `nil` where the batch is whole. Where several processes each have some rows of it, a
    /// sample draws the random values that it would draw in the whole batch.
    package internal(set) var firstRow: SymbolicTensor?

    package init(isTraining: Bool, step: Variable? = nil, firstRow: SymbolicTensor? = nil) {
        self.isTraining = isTraining
        self.step = step
        self.firstRow = firstRow
        ranks = nil
    }

    init(isTraining: Bool, step: Variable, ranks: GlobalBatch?) {
        self.isTraining = isTraining
        self.step = step
        self.ranks = ranks
        firstRow = ranks?.firstRow
    }

    /// The compute type of the layer that is being traced.
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

    /// The value of a layer's weight `name`, in the layer's compute type.
    ///
    /// - Returns: a tensor with an error if the layer has no such weight.
    public func value(of name: String, of layer: Layer) -> SymbolicTensor {
        let value = fullValue(of: name, of: layer)
        return value.dtype.isFloatingPoint ? value.cast(to: computeDType) : value
    }

    /// The value of a layer's weight `name`, in the weight's own type.
    public func fullValue(of name: String, of layer: Layer) -> SymbolicTensor {
        guard let variable = layer.variable(name) else { return missing(name, layer) }
        if let problem = caller?.trackingProblem(of: layer) {
            return SymbolicTensor(failure: GraphError(problem))
        }
        return value(of: variable)
    }

    private func missing(_ name: String, _ layer: Layer) -> SymbolicTensor {
        SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "layer \(layer.name) has no weight \(name)",
                    fix: "make it in build(_:) with addWeight")))
    }

    /// Assigns a new value to a layer's weight `name` at the end of the step.
    ///
    /// Later reads of the weight in the same step see the new value, as in Keras.
    public func update(_ name: String, of layer: Layer, to value: SymbolicTensor) {
        guard let variable = layer.variable(name) else { return }
        updates.removeAll { $0.variable == variable }
        updates.append((variable, value))
        values[variable] = value
    }

    /// Replaces the value of a variable while `body` is traced.
    func replacing<T>(_ variable: Variable, by value: SymbolicTensor, _ body: () -> T) -> T {
        let own = self.value(of: variable)
        defer { values[variable] = own }
        values[variable] = value
        return body()
    }

    /// Traces `body` on a batch in which each sample has become `count` rows.
    func splittingSamples<T>(into count: Int?, _ body: () -> T) -> T {
        let own = firstRow
        defer { firstRow = own }
        if let count {
            firstRow = own.map { $0 * .constant(Tensor([Int32(clamping: count)], shape: [])) }
        }
        return body()
    }

    /// Assigns new values to variables at the end of the step; all reads see the old values.
    ///
    /// - Parameter preparation: what has to be done before each step.
    func add(
        _ updates: [(variable: Variable, value: SymbolicTensor)],
        preparedBy preparation: @escaping () throws -> Void
    ) {
        self.updates += updates
        preparations.append(preparation)
    }

    /// Adds a scalar to the loss.
    ///
    /// Of several ranks (``Model/distribute(_:)``), the mean of theirs, weighted by samples, is added: let
    /// it be a mean over samples, not a sum.
    public func addPenalty(_ penalty: SymbolicTensor) {
        penalties.append(penalty)
    }

    /// A key for the random values of this call, derived from a layer's seed.
    func randomKey(seed: UInt64) -> UInt64 {
        randomCount += 1
        return RandomGenerator.derived(seed, salt: randomCount)
    }

    /// What random operations read: the step and, unless all samples share the values, which rows of
    /// the whole batch lie along the first axis.
    func randomInputs(isShared: Bool = false) -> [SymbolicTensor] {
        guard let firstRow, !isShared else { return [stepNumber] }
        return [stepNumber, firstRow]
    }

    /// The number of the step as an `int32` scalar.
    var stepNumber: SymbolicTensor {
        step.map { value(of: $0) } ?? .constant(Tensor([Int32(0)], shape: []))
    }
}
