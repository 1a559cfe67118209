/// A model in which each layer works on what the one before it made.
///
/// ```swift
/// let model = try Sequential {
///     Input(shape: [28, 28, 1])
///     Conv2D(32, kernelSize: 3, activation: .relu)
///     Flatten()
///     Dense(10, activation: .softmax)
/// }
/// ```
///
/// Without an `Input`, the weights are made when the first data comes. Keras 3.15.1 `Sequential`.
public final class Sequential: Model {
    override public class var className: String { "Sequential" }

    /// The layers in their order, without the one where data enters.
    private var stack: [Layer] = []
    private var entry: SymbolicTensor?

    /// A model without layers, for ``add(_:file:line:)-(Layer,_,_)``.
    public init(name: String? = nil) {
        super.init(wiring: nil, name: name)
    }

    /// A model of the layers that the closure lists.
    ///
    /// - Parameters:
    ///   - name: `sequential` and a number if left out.
    ///   - file: of the call, for errors.
    ///   - line: of the call, for errors.
    ///   - content: perhaps an `Input`, then layers.
    /// - Throws: a ``GraphError`` where the shapes do not fit.
    public convenience init(
        name: String? = nil, file: StaticString = #fileID, line: UInt = #line,
        @SequentialBuilder _ content: () -> [SequentialElement]
    ) throws {
        self.init(name: name)
        for element in content() {
            switch element {
            case .input(let tensor): try add(tensor, file: file, line: line)
            case .layer(let layer): try add(layer, file: file, line: line)
            }
        }
    }

    /// A model of these layers.
    public convenience init(
        _ layers: [Layer], name: String? = nil, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        self.init(name: name)
        for layer in layers { try add(layer, file: file, line: line) }
    }

    /// Says what data enters; only before any layer.
    public func add(
        _ input: SymbolicTensor, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        guard stack.isEmpty, entry == nil else {
            throw GraphError(
                .invalidArgument("an Input stands after other layers", fix: "put it first"))
        }
        entry = input
        wiring = try Wiring(inputs: [input], outputs: [input])
    }

    /// Adds a layer at the end.
    ///
    /// - Throws: a ``GraphError`` where the layer cannot work on what comes before it; the model is then
    ///   as it was.
    public func add(
        _ layer: Layer, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        if let input = layer as? InputLayer {
            try add(input.output, file: file, line: line)
            return
        }
        guard !layers.contains(where: { $0.name == layer.name && $0 !== layer }) else {
            throw GraphError(
                .invalidArgument(
                    "two layers are called \(layer.name)", fix: "give one of them another name"))
        }
        if let entry, let end = wiring?.outputs.first {
            let output = layer(end, file: file, line: line)
            wiring = try Wiring(inputs: [entry], outputs: [output])
        }
        stack.append(layer)
        changed()
    }

    /// Removes the last layer.
    public func pop() throws {
        guard stack.popLast() != nil else { return }
        if let entry {
            self.entry = nil
            let rest = stack
            stack = []
            try add(entry)
            for layer in rest { try add(layer) }
        }
        changed()
    }

    private func changed() {
        runners = StepRunnerCache()
    }

    /// The layers in their order; where data enters is not among them, as in Keras.
    public override var layers: [Layer] { stack }

    /// Makes the weights for samples of a shape, where no `Input` said it.
    ///
    /// - Parameter inputShape: the shape with the batch's dimension: `[nil, 28, 28, 1]`.
    /// - Throws: a ``GraphError`` where the shapes do not fit.
    public func build(inputShape: Shape) throws {
        guard wiring == nil else { return }
        let layers = stack
        stack = []
        do {
            try add(InputLayer(batchShape: inputShape).output)
            for layer in layers { try add(layer) }
        } catch {
            stack = layers
            entry = nil
            wiring = nil
            throw error
        }
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard wiring == nil, let shape = inputShapes.first else { return }
        do {
            try build(inputShape: shape)
        } catch let error as GraphError {
            throw error.problem
        } catch {
            throw .invalidArgument("\(error)", fix: "give the model an Input")
        }
    }
}

/// What stands in a ``Sequential``.
public enum SequentialElement {
    case input(SymbolicTensor)
    case layer(Layer)
}

/// Gathers the layers of a ``Sequential``; `if` and `for` work inside.
@resultBuilder
public enum SequentialBuilder {
    public static func buildExpression(_ layer: Layer) -> [SequentialElement] { [.layer(layer)] }
    public static func buildExpression(_ input: SymbolicTensor) -> [SequentialElement] {
        [.input(input)]
    }
    public static func buildExpression(_ layers: [Layer]) -> [SequentialElement] {
        layers.map { .layer($0) }
    }
    public static func buildBlock(_ parts: [SequentialElement]...) -> [SequentialElement] {
        parts.flatMap { $0 }
    }
    public static func buildOptional(_ part: [SequentialElement]?) -> [SequentialElement] {
        part ?? []
    }
    public static func buildEither(first part: [SequentialElement]) -> [SequentialElement] { part }
    public static func buildEither(second part: [SequentialElement]) -> [SequentialElement] { part }
    public static func buildArray(_ parts: [[SequentialElement]]) -> [SequentialElement] {
        parts.flatMap { $0 }
    }
}
