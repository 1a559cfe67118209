/// A model: layers between inputs and outputs, with training and inference.
///
/// ```swift
/// let input = Input(shape: [28, 28, 1])
/// let x = Flatten()(Conv2D(32, kernelSize: 3, activation: .relu)(input))
/// let model = try Model(inputs: input, outputs: Dense(10, activation: .softmax)(x))
/// ```
///
/// A model is a layer, so it can be nested in another one.
///
/// ### Threads
/// Computations of several threads with one model, or with models that share weights, run one after
/// the other: `predict` alternates by batches, everything else runs as a whole. While one thread is
/// in `fit`, or in `evaluate` of a ``Dataset``, such a call on another thread is an error, and so
/// is a second `fit`. Callbacks run on the training thread and may call all methods. Anything else,
/// such as ``Layer/weights`` or a change of layers, is for one thread at a time. Models that share
/// nothing run in parallel. Predictions of several threads at once, with one copy of the weights, are
/// those of a ``Predictor``.
///
/// Keras 3.15.1 `Model` (functional).
open class Model: Layer {
    /// `nil` for a ``Sequential`` whose input shape is not known yet.
    package var wiring: Wiring?
    /// The settings of ``compile(optimizer:loss:metrics:weightedMetrics:)``.
    var compilation: Compilation?
    /// Plans by the kind of batch.
    var runners = StepRunner.Cache(capacity: StepRunner.cacheCapacity)
    /// The number of training steps so far, from which random layers derive their values.
    let stepCounter = Variable("step", kind: .seed, value: Tensor([Int32(0)], shape: []))
    /// Requests a running `fit`, `evaluate` or `predict` to stop after its batch; safe from any
    /// thread.
    public let stopRequest = StopRequest()
    /// The processes that train the model together, as given to ``distribute(_:)``.
    public internal(set) var distribution: Distribution?
    /// What they have in common, if there are several.
    var rankSession: RankSession?
    /// Whether an interruption was requested before the epoch and its validation were complete.
    var isEpochInterrupted = false
    /// The model and its variables, for ``ThreadUse``; `nil` if they must be collected again.
    var knownObjects: Set<ObjectIdentifier>?
    /// Whether values that are NaN or infinite end `fit`, `evaluate` and `predict` with a
    /// ``NumericsError`` that names the layer and the operation in which they first arose.
    ///
    /// A step is checked when it has run: its loss, and the new values of weights, statistics and
    /// the optimizer's variables; a prediction, its result. Where one of them is not finite, the
    /// step is taken back and computed once more, operation by operation. Results have the same bits
    /// as without, and training takes longer by one copy of all variables in each step.
    ///
    /// Without it, `fit` warns at the first step whose loss is not finite, and goes on. With a
    /// ``LossScaleOptimizer``, gradients that are not finite skip a step as always. This is Strata's
    /// counterpart of `tf.debugging.enable_check_numerics` and `jax_debug_nans`.
    public var debugNumerics = false {
        didSet { numericsWatch = NumericsWatch() }
    }
    /// What ``debugNumerics`` knows of the variables.
    var numericsWatch = NumericsWatch()
    /// The history of the last `fit`.
    public internal(set) var history: History?

    /// The structure of the inputs, unless it is one tensor or a list of several.
    var inputStructure: TensorStructure?
    /// The structure of the outputs, unless it is one tensor or a list of several.
    var outputStructure: TensorStructure?

    /// The class names of a classifier, by index.
    ///
    /// `fit` takes them from data with class names, unless they were set here. Files contain them
    /// as the asset `class_names.json`, beside Keras's files.
    public var classNames: [String]? {
        get { givenClassNames ?? knownClassNames }
        set {
            givenClassNames = newValue
            knownClassNames = nil
        }
    }
    private var givenClassNames: [String]?
    /// From the data of the last `fit`, or from the file.
    var knownClassNames: [String]?

    override open class var className: String { "Functional" }

    /// The ``summary(lineLength:expandNested:showTrainable:layerRange:)``.
    open override var description: String { summary() }

    init(wiring: Wiring?, name: String?) {
        self.wiring = wiring
        super.init(name: name)
    }

    /// A model from inputs to outputs.
    ///
    /// - Parameters:
    ///   - inputs: the inputs, made by ``Input(shape:batchSize:dtype:name:)``.
    ///   - outputs: the outputs.
    ///   - name: `functional` with a number if left out.
    /// - Throws: a ``GraphError``: the first error in wiring, a missing input, a name of two
    ///   layers.
    public convenience init(
        inputs: [SymbolicTensor], outputs: [SymbolicTensor], name: String? = nil
    ) throws {
        if let name, let problem = LayerNames.problem(name) { throw GraphError(problem) }
        self.init(wiring: try Wiring(inputs: inputs, outputs: outputs), name: name)
    }

    /// A model with one input and one output.
    public convenience init(
        inputs: SymbolicTensor, outputs: SymbolicTensor, name: String? = nil
    ) throws {
        try self.init(inputs: [inputs], outputs: [outputs], name: name)
    }

    /// A model with several inputs and one output.
    public convenience init(
        inputs: [SymbolicTensor], outputs: SymbolicTensor, name: String? = nil
    ) throws {
        try self.init(inputs: inputs, outputs: [outputs], name: name)
    }

    /// A model with one input and several outputs.
    public convenience init(
        inputs: SymbolicTensor, outputs: [SymbolicTensor], name: String? = nil
    ) throws {
        try self.init(inputs: [inputs], outputs: outputs, name: name)
    }

    /// The same without labels, as Keras is often called: `Model(i, x)`.
    public convenience init(
        _ inputs: any SymbolicTensors, _ outputs: any SymbolicTensors, name: String? = nil
    ) throws {
        try self.init(inputs: inputs.tensors, outputs: outputs.tensors, name: name)
    }

    /// The inputs.
    public var inputs: [SymbolicTensor] { wiring?.inputs ?? [] }

    /// The outputs.
    public var outputs: [SymbolicTensor] { wiring?.outputs ?? [] }

    /// The shapes of the inputs, with the batch dimension.
    public var inputShapes: [Shape] { inputs.map(\.shape) }

    /// The shapes of the outputs, with the batch dimension.
    public var outputShapes: [Shape] { outputs.map(\.shape) }

    /// All layers in Keras's order, including the input layers.
    ///
    /// As in Keras, operations between layers are not included.
    public var layers: [Layer] { wiring?.layers.filter { !($0 is OperationLayer) } ?? [] }

    public override var trackedLayers: [TrackedLayers] { [.layers("layers", layers)] }

    /// The layer called `name`; `nil` if there is none.
    public func getLayer(_ name: String) -> Layer? { layers.first { $0.name == name } }

    /// The layer called `name`.
    ///
    /// - Throws: a ``ModelError`` that lists the layers if there is none of that name.
    public func getLayer(name: String) throws -> Layer {
        if let layer = getLayer(name) { return layer }
        let known = layers.map(\.name).joined(separator: ", ")
        throw ModelError(
            .invalidArgument(
                "model \(self.name) has no layer \(name)", fix: "take one of: \(known)"))
    }

    /// The layer at an index of ``layers``.
    ///
    /// - Parameter index: counted from 0; -1 is the last.
    /// - Throws: a ``ModelError`` if there are fewer layers.
    public func getLayer(index: Int) throws -> Layer {
        let layers = layers
        let position = index < 0 && index >= -layers.count ? index + layers.count : index
        guard layers.indices.contains(position) else {
            throw ModelError(
                .invalidArgument(
                    "model \(name) has no layer \(index), but \(layers.count) layers",
                    fix: "count from 0, or backwards from -1"))
        }
        return layers[position]
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        guard let wiring else {
            return [SymbolicTensor(failure: GraphError(.unknownDimension([], needed: "the input")))]
        }
        guard inputs.count == wiring.inputs.count else {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument(
                            "\(inputs.count) inputs were given, but \(wiring.inputs.count) are needed",
                            fix: "give one tensor for each of the model's inputs")))
            ]
        }
        for (input, value) in zip(wiring.inputs, inputs) where !input.shape.accepts(value.shape) {
            return [
                SymbolicTensor(
                    failure: GraphError(.wrongRank(got: value.shape, expected: "\(input.shape)")))
            ]
        }
        return wiring.replay(inputs, context)
    }

    public override var supportsMasking: Bool { true }

    /// The inner layers have set the outputs' masks already.
    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    { nil }
}

/// One symbolic tensor or an array of them.
public protocol SymbolicTensors {
    var tensors: [SymbolicTensor] { get }
}

extension SymbolicTensor: SymbolicTensors {
    public var tensors: [SymbolicTensor] { [self] }
}

extension [SymbolicTensor]: SymbolicTensors {
    public var tensors: [SymbolicTensor] { self }
}
