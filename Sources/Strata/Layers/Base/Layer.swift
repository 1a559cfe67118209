/// A layer of a model: its weights and its computation.
///
/// To write a layer, subclass and override ``call(_:_:)-(SymbolicTensor,_)``; if it has weights,
/// make them in ``build(_:)`` with
/// ``addWeight(_:shape:dtype:initializer:isTrainable:regularizer:constraint:)``. What `call` does
/// is traced once and becomes part of the model's plan, gradient included. A layer that calls other
/// layers lists them in ``trackedLayers``.
///
/// ```swift
/// final class Scale: Layer {
///     override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
///         addWeight("scale", shape: [1], initializer: .ones)
///     }
///     override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
///         x * context.value(of: "scale", of: self)
///     }
/// }
/// ```
///
/// A layer may be called several times; all calls share its weights. Keras 3.15.1 `Layer`.
open class Layer: CustomStringConvertible {
    /// The name in summaries, errors and files; unique within a model.
    public let name: String
    /// Whether optimizers update this layer's weights; setting it applies to all inner layers.
    public var isTrainable: Bool {
        didSet { for layer in sublayers { layer.isTrainable = isTrainable } }
    }
    /// The types of computation and weights; set them before the first call.
    public var dtypePolicy = DTypePolicy.default
    /// A penalty on the layer's output, divided by the batch size and added to the loss; set it
    /// before the layer is used.
    public var activityRegularizer: (any Regularizer)?
    /// Whether floating-point inputs are cast to the compute type (Keras's `autocast`).
    var castsInputs: Bool { true }

    /// Keras's name of the class.
    open class var className: String { String(describing: self) }

    /// Whether Keras saves the input's shape for this layer though it has no weights.
    ///
    /// It does for layers that are built at their first call, not for those built by their
    /// initializer.
    class var keepsInputShape: Bool { false }

    /// Whether the layer takes a list of tensors, even of a single one.
    class var takesList: Bool { false }

    /// This layer's own weights, without those of layers inside, in the order in which they were added.
    public private(set) var variables: [Variable] = []
    private(set) var regularizers: [(variable: Variable, regularizer: any Regularizer)] = []
    private(set) var constraints: [Variable: any Constraint] = [:]
    /// The input shapes that the weights were made for.
    public private(set) var builtShapes: [Shape]?
    /// The error of a weight that could not be made.
    private var weightProblem: GraphError.Problem?
    /// Whether an input had a mask that the layer's outputs do not have.
    package private(set) var losesMask = false
    /// The shapes of the outputs of the first call; `nil` before it.
    private var firstShapes: [Shape]?
    /// The number of the layer's calls while wiring.
    private(set) var callCount = 0
    /// The last call, while a tensor or a model refers to it.
    weak var lastCall: LayerCall?

    /// - Parameters:
    ///   - name: unique within a model; derived from the class if left out.
    ///   - isTrainable: whether optimizers update the weights.
    public init(name: String? = nil, isTrainable: Bool = true) {
        self.name = name ?? LayerNames.next(for: Self.className)
        self.isTrainable = isTrainable
    }

    /// Creates the weights for inputs of these shapes; called once, before the first call.
    open func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {}

    /// The layer's computation for one input.
    open func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor { x }

    /// The layer's computation; override this for several inputs or outputs.
    open func call(_ inputs: [SymbolicTensor], _ context: CallContext) -> [SymbolicTensor] {
        guard inputs.count == 1 else {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument(
                            "\(inputs.count) inputs were given, but one is needed",
                            fix: "join them first, with Add or Concatenate")))
            ]
        }
        return [call(inputs[0], context)]
    }

    /// Whether masks are passed on to the layer's outputs.
    open var supportsMasking: Bool { false }

    /// The masks of the outputs, if masks are supported: by default that of the first input.
    ///
    /// - Parameters:
    ///   - inputs: the layer's inputs.
    ///   - masks: of each input, 1 where a position counts and 0 where not; `nil` if all count.
    open func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    {
        masks.first ?? nil
    }

    /// The initializer's arguments by Keras's names, without those that all layers share.
    open var config: [String: JSONValue] { [:] }

    /// The arguments that all layers share, except the name.
    var commonConfig: [String: JSONValue] {
        var config: [String: JSONValue] = [
            "trainable": .bool(isTrainable), "dtype": dtypePolicy.serialized.json,
        ]
        config["activity_regularizer"] = activityRegularizer?.serialized.json
        return config
    }

    /// Adds a weight with initial values from `initializer`.
    ///
    /// - Parameters:
    ///   - name: as in Keras: `kernel`, `bias`, `gamma`.
    ///   - shape: all dimensions.
    ///   - dtype: the type of the weight.
    ///   - initializer: the rule for the initial values.
    ///   - isTrainable: whether optimizers update it.
    ///   - regularizer: a penalty that is added to the loss.
    ///   - constraint: projection applied to the weight after each update.
    @discardableResult
    public final func addWeight(
        _ name: String, shape: [Int], dtype: DType = .float32,
        initializer: any Initializer = .glorotUniform, isTrainable: Bool = true,
        regularizer: (any Regularizer)? = nil,
        constraint: (any Constraint)? = nil
    ) -> Variable {
        let problem =
            DecodingLimits.problem(name, shape: shape, dtype: dtype)
            ?? initializer.problem(shape: shape)
        weightProblem = weightProblem ?? problem ?? LayerNames.problem(name)
        let variable = Variable(
            name, kind: isTrainable ? .trainable : .nonTrainable,
            value: problem == nil
                ? firstValue(shape, initializer).cast(to: dtype) : .zeros(shape.map { _ in 0 }))
        variables.append(variable)
        if let regularizer { regularizers.append((variable, regularizer)) }
        if let constraint { constraints[variable] = constraint }
        return variable
    }

    /// Counts a weight of an inner layer among this layer's own, as Keras does with one that a
    /// layer keeps in a property.
    final func adopt(_ variable: Variable) { variables.append(variable) }

    private func firstValue(_ shape: [Int], _ initializer: any Initializer) -> Tensor {
        // A file that is being read provides all values.
        if DecodingLimits.current != nil { return .zeros(shape) }
        var generator = RandomGenerator(seed: RandomGenerator.nextSeed())
        return initializer.values(shape: shape, generator: &generator)
    }

    /// This layer's own weight `name`, not one of an inner layer.
    package func variable(_ name: String) -> Variable? {
        variables.first { $0.name == name }
    }

    /// The inner layers, with the names of their weights' paths in Keras's files: those of the
    /// attributes in Python.
    ///
    /// A layer that holds others overrides this, or its first call is an error that says so:
    /// their weights would be neither trained nor saved.
    ///
    /// ```swift
    /// final class Residual: Layer {
    ///     let inner = Dense(8)
    ///     override var trackedLayers: [TrackedLayers] { [.layer("inner", inner)] }
    ///     override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
    ///         x + inner(x, context)
    ///     }
    /// }
    /// ```
    open var trackedLayers: [TrackedLayers] { [] }

    /// The inner layers, in the order of ``trackedLayers``.
    public final var sublayers: [Layer] { trackedLayers.flatMap(\.layers) }

    /// This layer's own weights in the order in which Keras saves them: the trainable ones first.
    final var savedVariables: [Variable] {
        variables.filter { $0.kind == .trainable } + variables.filter { $0.kind == .nonTrainable }
    }

    /// All weights in Keras's order: those of this layer, then those of inner layers.
    open var weights: [Variable] { savedVariables + sublayers.flatMap(\.weights) }

    /// The weights that an optimizer may update now.
    open var trainableWeights: [Variable] {
        guard isTrainable else { return [] }
        return variables.filter { $0.kind == .trainable } + sublayers.flatMap(\.trainableWeights)
    }

    /// The weights that no optimizer updates now.
    public var nonTrainableWeights: [Variable] {
        let trainable = Set(trainableWeights)
        return weights.filter { !trainable.contains($0) }
    }

    /// Class, name, output shape and number of parameters:
    /// `Conv2D conv2d -> [?, 26, 26, 32], 320 parameters`.
    open var description: String {
        let shapes = firstShapes.map { " -> \($0.map(\.description).joined(separator: ", "))" }
        let count = shapes == nil && weights.isEmpty ? "not built" : "\(countParams()) parameters"
        return "\(Self.className) \(name)\(shapes ?? ""), \(count)"
    }

    /// The number of elements of all weights.
    public func countParams() -> Int {
        weights.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
}

// MARK: Wiring

extension Layer {
    /// Applies the layer to one tensor.
    ///
    /// - Returns: the output; it carries an error if the shapes do not fit.
    public final func callAsFunction(
        _ x: SymbolicTensor, file: StaticString = #fileID, line: UInt = #line
    ) -> SymbolicTensor {
        callAsFunction([x], file: file, line: line)
    }

    /// Applies the layer to several tensors, with one output.
    public final func callAsFunction(
        _ inputs: [SymbolicTensor], file: StaticString = #fileID, line: UInt = #line
    ) -> SymbolicTensor {
        wire(inputs, site: site(file, line))[0]
    }

    /// Applies the layer to several tensors, with several outputs.
    public final func outputs(
        of inputs: [SymbolicTensor], file: StaticString = #fileID, line: UInt = #line
    ) -> [SymbolicTensor] {
        wire(inputs, site: site(file, line))
    }

    private func site(_ file: StaticString, _ line: UInt) -> String {
        let name = "\(file)".split(separator: "/").last.map(String.init) ?? "\(file)"
        return "\(name):\(line)"
    }

    /// Builds the layer if needed, infers the outputs' shapes, and records the call.
    final func wire(_ inputs: [SymbolicTensor], site: String?) -> [SymbolicTensor] {
        ThreadUse.wiring { wireAlone(inputs, site) }
    }

    private func wireAlone(_ inputs: [SymbolicTensor], _ site: String?) -> [SymbolicTensor] {
        if let error = inputs.compactMap(\.error).first { return [failed(error, inputs)] }
        let types = inputs.compactMap(\.type)
        do throws(GraphError.Problem) {
            try buildIfNeeded(types.map(\.shape))
        } catch {
            return [failed(located(GraphError(error), inputs, site), inputs).completed]
        }
        let traced = types.enumerated().map { index, type in
            SymbolicTensor.input("\(index)", type.shape, dtype: type.dtype)
        }
        let results = trace(traced, CallContext(isTraining: false))
        let tooLarge = results.lazy.compactMap(\.type).compactMap {
            HostMemory.problem("the output for one sample", $0)
        }.first.map { GraphError($0) }
        if let error = results.compactMap(\.error).first ?? tooLarge {
            return [failed(located(error, inputs, site), inputs).completed]
        }
        if callCount == 0, let problem = unreadableProblem {
            return [SymbolicTensor(failure: located(GraphError(problem), inputs, site))]
        }
        let call = LayerCall(layer: self, inputs: inputs, index: callCount, results)
        callCount += 1
        lastCall = call
        firstShapes = firstShapes ?? call.outputs.map(\.shape)
        return call.outputs
    }

    /// Traces the layer's computation, in its compute type.
    ///
    /// In `call`, a layer applies its inner layers with this: `dense.trace([x], context)[0]`, or
    /// shorter `dense(x, context)`.
    package final func trace(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        if let error = inputs.compactMap(\.error).first { return [SymbolicTensor(failure: error)] }
        do throws(GraphError.Problem) {
            if let problem = DecodingLimits.callProblem() { throw problem }
            try buildIfNeeded(inputs.map(\.shape))
            if let problem = context.caller?.trackingProblem(of: self) { throw problem }
        } catch {
            return [SymbolicTensor(failure: GraphError(error))]
        }
        let outer = (context.computeDType, context.caller)
        defer { (context.computeDType, context.caller) = outer }
        context.computeDType = dtypePolicy.computeDType
        // A model calls its own layers only.
        context.caller = self is Model ? nil : self
        dtypePolicy.warnIfSlow()
        let cast = inputs.map { x in
            guard x.dtype.isFloatingPoint, castsInputs else { return x }
            let result = x.cast(to: context.computeDType)
            if let mask = context.mask(of: x) { context.masks[result] = mask }
            return result
        }
        let run = { [self] in
            call(cast, context).map { context.regularized($0, activityRegularizer) }
        }
        let outputs = context.origins?.noteCall(of: name, inputs, run) ?? run()
        if outputs.isEmpty {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument(
                            "the layer has no output for \(inputs.count) inputs",
                            fix: "give it as many inputs as it was built for")))
            ]
        }
        context.pass(self, cast, outputs)
        return outputs
    }

    /// Warns once that masks end at this layer, as Keras 3.15.1 does.
    final func loseMask() {
        if losesMask { return }
        losesMask = true
        warn(
            "layer \(name) (\(Self.className)) gets a mask and does not support masks: "
                + "the layers after it do not see the mask")
    }

    /// Applies the layer within the `call` of another one.
    public final func callAsFunction(_ x: SymbolicTensor, _ context: CallContext)
        -> SymbolicTensor
    {
        trace([x], context).first ?? x
    }

    final func buildIfNeeded(_ shapes: [Shape]) throws(GraphError.Problem) {
        if shapes.isEmpty {
            throw .invalidArgument(
                "no input was given, but one or more are needed",
                fix: "call the layer with an array of tensors")
        }
        if builtShapes != nil { return }
        try build(shapes)
        if let problem = weightProblem ?? trackedNameProblem { throw problem }
        builtShapes = shapes
    }

    /// The error with this layer's name, unless an inner layer is named already, and the path to
    /// it.
    private func located(_ error: GraphError, _ inputs: [SymbolicTensor], _ site: String?)
        -> GraphError
    {
        var error = named(error, inputs.first.map(LayerCall.chain) ?? [])
        error.site = error.site ?? site
        return error
    }

    /// A tensor that carries an error and the calls on the path to it.
    private func failed(_ error: GraphError, _ inputs: [SymbolicTensor]) -> SymbolicTensor {
        var tensor = SymbolicTensor(failure: error)
        tensor.producer = LayerCall(layer: self, inputs: inputs, index: callCount, [])
        return tensor
    }

    /// The error with this layer's name before that of an inner one, and the path to the layer.
    final func named(_ error: GraphError, _ chain: [GraphError.Link]) -> GraphError {
        var error = error
        error.layer = error.layer.map { "\(name)/\($0)" } ?? name
        error.chain = chain + error.chain
        return error
    }
}
