import Synchronization

/// A step of a model: it owns weights and says what it computes from its inputs.
///
/// To write a layer, subclass and override ``call(_:_:)-(SymbolicTensor,_)``; if it has weights, make
/// them in ``build(_:)`` with ``addWeight(_:shape:initializer:isTrainable:regularizer:constraint:)``.
/// What `call` does is traced once and becomes part of the model's plan, gradient included.
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
open class Layer {
    /// The name in summaries, errors and files; unique within a model.
    public let name: String
    /// Whether optimizers update this layer's weights.
    public var isTrainable: Bool

    /// Keras's name of the class.
    open class var className: String { String(describing: self) }

    /// The weights in the order in which Keras saves them.
    public private(set) var variables: [Variable] = []
    private(set) var regularizers: [(variable: Variable, regularizer: any Regularizer)] = []
    private(set) var constraints: [Variable: any Constraint] = [:]
    /// The shapes that the weights were made for.
    public private(set) var builtShapes: [Shape]?
    /// How often the layer was called while wiring.
    private(set) var callCount = 0

    /// - Parameters:
    ///   - name: unique within a model; made from the class's name if left out.
    ///   - isTrainable: whether optimizers update the weights.
    public init(name: String? = nil, isTrainable: Bool = true) {
        self.name = name ?? LayerNames.next(for: Self.className)
        self.isTrainable = isTrainable
    }

    /// Makes the weights for inputs of these shapes; called once, before the first call.
    open func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {}

    /// What the layer computes from one input.
    open func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor { x }

    /// What the layer computes; override this instead where there are several inputs or outputs.
    open func call(_ inputs: [SymbolicTensor], _ context: CallContext) -> [SymbolicTensor] {
        guard inputs.count == 1 else {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument(
                            "\(inputs.count) inputs came, where one is needed",
                            fix: "join them first, with Add or Concatenate")))
            ]
        }
        return [call(inputs[0], context)]
    }

    /// The constructor's arguments by Keras's names, without those that all layers share.
    open var config: [String: JSONValue] { [:] }

    /// Adds a weight; its first values come from `initializer`.
    ///
    /// - Parameters:
    ///   - name: as in Keras: `kernel`, `bias`, `gamma`.
    ///   - shape: all dimensions.
    ///   - initializer: the rule for the first values.
    ///   - isTrainable: whether optimizers update it.
    ///   - regularizer: a penalty that is added to the loss.
    ///   - constraint: what the weight is brought back to after each update.
    @discardableResult
    public final func addWeight(
        _ name: String, shape: [Int], initializer: any Initializer = .glorotUniform,
        isTrainable: Bool = true, regularizer: (any Regularizer)? = nil,
        constraint: (any Constraint)? = nil
    ) -> Variable {
        var generator = RandomGenerator(seed: RandomGenerator.nextSeed())
        let variable = Variable(
            name, kind: isTrainable ? .trainable : .nonTrainable,
            value: initializer.values(shape: shape, generator: &generator))
        variables.append(variable)
        if let regularizer { regularizers.append((variable, regularizer)) }
        if let constraint { constraints[variable] = constraint }
        return variable
    }

    /// Layers inside of this one, in Keras's order.
    open var sublayers: [Layer] { [] }

    /// All weights, those of inner layers included: trainable ones first, as Keras lists them.
    open var weights: [Variable] {
        let all = allVariables
        return all.filter { $0.kind == .trainable } + all.filter { $0.kind == .nonTrainable }
    }

    private var allVariables: [Variable] {
        variables + sublayers.flatMap(\.allVariables)
    }

    /// The weights that an optimizer may update now.
    public var trainableWeights: [Variable] {
        guard isTrainable else { return [] }
        return variables.filter { $0.kind == .trainable } + sublayers.flatMap(\.trainableWeights)
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
    /// - Returns: the output; it carries an error where the shapes do not fit.
    public final func callAsFunction(
        _ x: SymbolicTensor, file: StaticString = #fileID, line: UInt = #line
    ) -> SymbolicTensor {
        callAsFunction([x], file: file, line: line)
    }

    /// Applies the layer to several tensors that give one.
    public final func callAsFunction(
        _ inputs: [SymbolicTensor], file: StaticString = #fileID, line: UInt = #line
    ) -> SymbolicTensor {
        wire(inputs, site: site(file, line))[0]
    }

    /// Applies the layer to several tensors that give several.
    public final func outputs(
        of inputs: [SymbolicTensor], file: StaticString = #fileID, line: UInt = #line
    ) -> [SymbolicTensor] {
        wire(inputs, site: site(file, line))
    }

    private func site(_ file: StaticString, _ line: UInt) -> String {
        let name = "\(file)".split(separator: "/").last.map(String.init) ?? "\(file)"
        return "\(name):\(line)"
    }

    /// Builds the layer if it is new, finds the outputs' shapes, and remembers the call.
    final func wire(_ inputs: [SymbolicTensor], site: String?) -> [SymbolicTensor] {
        if let error = inputs.compactMap(\.error).first { return [SymbolicTensor(failure: error)] }
        let types = inputs.compactMap(\.type)
        do throws(GraphError.Problem) {
            try buildIfNeeded(types.map(\.shape))
        } catch {
            return [SymbolicTensor(failure: located(GraphError(error), inputs, site))]
        }
        let traced = types.enumerated().map { index, type in
            SymbolicTensor.input("\(index)", type.shape, dtype: type.dtype)
        }
        let results = call(traced, CallContext(isTraining: false))
        if let error = results.compactMap(\.error).first {
            return [SymbolicTensor(failure: located(error, inputs, site))]
        }
        let call = LayerCall(layer: self, inputs: inputs, index: callCount, results)
        callCount += 1
        return call.outputs
    }

    final func buildIfNeeded(_ shapes: [Shape]) throws(GraphError.Problem) {
        if builtShapes != nil { return }
        try build(shapes)
        builtShapes = shapes
    }

    /// The error with this layer's name, unless an inner layer has said more, and the way to it.
    private func located(_ error: GraphError, _ inputs: [SymbolicTensor], _ site: String?)
        -> GraphError
    {
        var error = error
        error.layer = error.layer.map { "\(name)/\($0)" } ?? name
        error.site = error.site ?? site
        error.chain = (inputs.first.map(LayerCall.chain) ?? []) + error.chain
        return error
    }
}

/// One call of a layer in a model's wiring.
final class LayerCall: TensorProducer, @unchecked Sendable {
    let layer: Layer
    let inputs: [SymbolicTensor]
    /// Which of the layer's calls this is.
    let index: Int
    private let types: [TensorType]

    init(layer: Layer, inputs: [SymbolicTensor], index: Int, _ results: [SymbolicTensor]) {
        self.layer = layer
        self.inputs = inputs
        self.index = index
        types = results.compactMap(\.type)
    }

    /// The outputs; each knows this call.
    var outputs: [SymbolicTensor] {
        types.enumerated().map { index, type in
            var tensor = SymbolicTensor.input(layer.name, type.shape, dtype: type.dtype)
            tensor.producer = self
            tensor.producerOutput = index
            return tensor
        }
    }

    /// Who made the values on the way to a tensor, first to last, following first inputs.
    static func chain(to tensor: SymbolicTensor) -> [GraphError.Link] {
        var links: [GraphError.Link] = []
        var current: SymbolicTensor? = tensor
        while let tensor = current, let call = tensor.producer as? LayerCall {
            links.append(GraphError.Link(call.layer.name, tensor.shape))
            current = call.inputs.first
        }
        return links.reversed()
    }
}

/// The names of layers that were given none: `conv2d`, `conv2d_1`, as Keras counts.
enum LayerNames {
    private static let counts = Mutex<[String: Int]>([:])

    static func next(for className: String) -> String {
        let base = snakeCase(className)
        let count = counts.withLock { counts in
            defer { counts[base, default: 0] += 1 }
            return counts[base, default: 0]
        }
        return count == 0 ? base : "\(base)_\(count)"
    }

    /// Starts counting anew (`keras.utils.clear_session`).
    static func reset() { counts.withLock { $0 = [:] } }

    /// Keras's `to_snake_case`: `MaxPooling2D` is `max_pooling2d`, `ReLU` is `re_lu`.
    static func snakeCase(_ className: String) -> String {
        let letters = Array(className.filter { $0.isLetter || $0.isNumber || $0 == "_" })
        var words = ""
        for (index, letter) in letters.enumerated() {
            if index > 0, letter.isUppercase, words.last != "_" {
                let previous = letters[index - 1]
                let isFollowedByLower = index + 1 < letters.count && letters[index + 1].isLowercase
                if previous.isLowercase || isFollowedByLower { words.append("_") }
            }
            words.append(letter)
        }
        return words.lowercased()
    }
}

/// Begins the counting of layers' names anew, as Keras's `keras.utils.clear_session` does.
public func clearSession() {
    LayerNames.reset()
}
