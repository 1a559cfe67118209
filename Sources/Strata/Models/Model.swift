internal import StrataEngine

/// Layers wired between inputs and outputs, which can be trained and used.
///
/// ```swift
/// let input = Input(shape: [28, 28, 1])
/// let x = Flatten()(Conv2D(32, kernelSize: 3, activation: .relu)(input))
/// let model = try Model(inputs: input, outputs: Dense(10, activation: .softmax)(x))
/// ```
///
/// A model is a layer, so it can be part of another one.
///
/// ### Threads
/// Calls of several threads that compute with one model, or with models that share weights, come one after the
/// other: `predict` goes from batch to batch, everything else whole. While one thread is in `fit`, or in `evaluate`
/// of a ``Dataset``, such a call on another thread is an error, and so is a second `fit`. Callbacks run on the thread
/// that trains and may call all methods. What is not a computation, such as ``Layer/weights`` and a change
/// of layers, is for one thread at a time. Models that share nothing work side by side.
///
/// Keras 3.15.1 `Model` (functional).
open class Model: Layer {
    /// `nil` for a ``Sequential`` that does not know its input's shape yet.
    var wiring: Wiring?
    /// What ``compile(optimizer:loss:metrics:weightedMetrics:)`` set.
    var compilation: Compilation?
    /// Plans by what they were made for.
    var runners = StepRunnerCache()
    /// How many training steps this model has done; random layers draw by it.
    let stepCounter = Variable("step", kind: .seed, value: Tensor([Int32(0)], shape: []))
    /// Asks a running `fit`, `evaluate` or `predict` to stop after its batch; safe from any thread.
    public let stopRequest = StopRequest()
    /// The epoch with which a running `fit` is to begin instead, where a callback has restored one.
    var resumedEpoch: Int?
    /// The model and its variables, for ``ThreadUse``; `nil` where they have to be found anew.
    var knownObjects: Set<ObjectIdentifier>?
    /// What the last `fit` recorded.
    public internal(set) var history: History?

    /// How the inputs are held together, where it is not one tensor or a list of several.
    var inputStructure: TensorStructure?
    /// How the outputs are held together, where it is not one tensor or a list of several.
    var outputStructure: TensorStructure?

    /// What the classes are called, by number, where the model tells classes apart.
    ///
    /// `fit` takes them from data that has names, unless they were set here. Files keep them as the asset
    /// `class_names.json`, beside what Keras writes.
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

    /// A model of everything between inputs and outputs.
    ///
    /// - Parameters:
    ///   - inputs: where data enters, made by ``Input(shape:batchSize:dtype:name:)``.
    ///   - outputs: what the model computes.
    ///   - name: `functional` and a number if left out.
    /// - Throws: a ``GraphError``: the first thing that went wrong in wiring, an input that is missing,
    ///   a name that two layers share.
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

    /// Where data enters.
    public var inputs: [SymbolicTensor] { wiring?.inputs ?? [] }

    /// What the model computes.
    public var outputs: [SymbolicTensor] { wiring?.outputs ?? [] }

    /// The shapes of the inputs, with the batch's dimension.
    public var inputShapes: [Shape] { inputs.map(\.shape) }

    /// The shapes of the outputs, with the batch's dimension.
    public var outputShapes: [Shape] { outputs.map(\.shape) }

    /// All layers in Keras's order, those where data enters included.
    ///
    /// Operations that a file holds beside them are none, as in Keras.
    public var layers: [Layer] { wiring?.layers.filter { !($0 is OperationLayer) } ?? [] }

    public override var trackedLayers: [TrackedLayers] { [.layers("layers", layers)] }

    /// The layer called `name`; `nil` where there is none.
    public func getLayer(_ name: String) -> Layer? { layers.first { $0.name == name } }

    /// The layer called `name`.
    ///
    /// - Throws: a ``ModelError`` that lists the layers, where there is none of that name.
    public func getLayer(name: String) throws -> Layer {
        if let layer = getLayer(name) { return layer }
        let known = layers.map(\.name).joined(separator: ", ")
        throw ModelError(
            .invalidArgument(
                "model \(self.name) has no layer \(name)", fix: "take one of: \(known)"))
    }

    /// The layer at a place in ``layers``.
    ///
    /// - Parameter index: counted from 0; -1 is the last.
    /// - Throws: a ``ModelError`` where there are fewer layers.
    public func getLayer(index: Int) throws -> Layer {
        let layers = layers
        let place = index < 0 && index >= -layers.count ? index + layers.count : index
        guard layers.indices.contains(place) else {
            throw ModelError(
                .invalidArgument(
                    "model \(name) has no layer \(index), but \(layers.count) layers",
                    fix: "count from 0, or backwards from -1"))
        }
        return layers[place]
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
                            "\(inputs.count) inputs came, where \(wiring.inputs.count) are needed",
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

    /// The layers inside have given the outputs their masks already.
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
