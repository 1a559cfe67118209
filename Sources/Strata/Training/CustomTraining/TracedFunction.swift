/// A closure over tensors and weights that is traced once for each kind of input, and then runs as
/// a plan.
///
/// The closure receives symbolic tensors and returns the results; it is traced again only for
/// inputs of other shapes or types. With `isTraining`, its layers behave as in training: dropout is
/// active, and batch normalization updates its statistics. ``CallContext/minimize(_:_:)`` trains
/// weights.
///
/// ```swift
/// let trainer = Trainer(Adam(), for: model)
/// let step = TracedFunction { inputs, context in
///     let error = MeanSquaredError()(inputs[1], model(inputs[0], context))
///     context.minimize(error, trainer)
///     return [error]
/// }
/// for (x, y) in batches { print(try step([x, y])[0]) }
/// ```
///
/// Calls from several threads run one after the other; a call is an error while another thread's
/// `fit` trains the same weights. This is Strata's counterpart of a compiled `train_step` of Keras
/// 3.15.1.
public final class TracedFunction {
    /// The closure's results for inputs.
    public typealias Body = (_ inputs: [SymbolicTensor], _ context: CallContext) throws ->
        [SymbolicTensor]

    private struct Plan {
        let runner: StepRunner
        let preparations: [() throws -> Void]
        let variables: Set<ObjectIdentifier>
    }

    /// How many plans are kept.
    var planCount: Int { plans.count }

    private let body: Body
    private let isTraining: Bool
    private let stepCounter = Variable(
        "step", kind: .seed, value: Tensor([Int32(0)], shape: []))
    private var plans = RecentlyUsed<[TensorType], Plan>(capacity: StepRunner.cacheCapacity)

    /// - Parameters:
    ///   - isTraining: whether layers behave as in training.
    ///   - body: the closure, which is traced at the first call.
    public init(isTraining: Bool = true, _ body: @escaping Body) {
        self.isTraining = isTraining
        self.body = body
    }

    /// Runs the function.
    ///
    /// - Returns: the values of the closure's results; weights are updated.
    /// - Throws: an error of the closure, or a ``GraphError`` if shapes do not fit.
    @discardableResult
    public func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor] {
        let types = inputs.map { TensorType(Shape($0.shape), $0.dtype) }
        let name = "a traced function"
        return try ThreadUse.during(.computing, of: name, { [ObjectIdentifier(self)] }) {
            let plan = try plan(for: types)
            return try ThreadUse.during(.computing, of: name, { plan.variables }) {
                try run(plan, inputs)
            }
        }
    }

    private func run(_ plan: Plan, _ inputs: [Tensor]) throws -> [Tensor] {
        for (index, input) in inputs.enumerated() {
            if let index = plan.runner.inputIndex(Self.inputName(index)) {
                plan.runner.feed(index, input)
            }
        }
        for prepare in plan.preparations { try prepare() }
        try plan.runner.run()
        try plan.runner.requireOutputMemory()
        return plan.runner.outputTensors
    }

    private static func inputName(_ index: Int) -> String { "x\(index)" }

    private func plan(for types: [TensorType]) throws -> Plan {
        if let found = plans.find(types) { return found }
        let context = CallContext(isTraining: isTraining, step: stepCounter)
        let inputs = types.enumerated().map { index, type in
            SymbolicTensor.input(Self.inputName(index), type.shape, dtype: type.dtype)
        }
        let outputs = try body(inputs, context)
        if let error = (outputs + context.updates.map(\.value)).compactMap(\.error).first {
            throw error
        }
        let next = SymbolicTensor.variable(stepCounter) + .constant(Tensor([Int32(1)], shape: []))
        let graph = try Graph(
            outputs: outputs, updates: context.updates + [(stepCounter, next)])
        let variables = Set(graph.variables.map { ObjectIdentifier($0) })
        let runner = try ThreadUse.during(.computing, of: "a traced function", { variables }) {
            try StepRunner(graph)
        }
        let plan = Plan(
            runner: runner, preparations: context.preparations, variables: variables)
        plans.insert(plan, for: types)
        return plan
    }
}
