/// A model that is a plain stack of layers.
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
/// Without an `Input`, the weights are created for the first data. Keras 3.15.1 `Sequential`.
public final class Sequential: Model {
    override public class var className: String { "Sequential" }

    /// The layers in order, without the input layer.
    private var stack: [Layer] = []
    private var entry: SymbolicTensor?
    /// The output of the last layer.
    private var end: SymbolicTensor?
    /// The layers by name, including the input layer.
    private var owners: [String: ObjectIdentifier] = [:]

    /// A model without layers, for ``add(_:file:line:)-(Layer,_,_)``.
    public init(name: String? = nil) {
        super.init(wiring: nil, name: name)
    }

    /// A model of the layers in the closure.
    ///
    /// - Parameters:
    ///   - name: `sequential` with a number if left out.
    ///   - file: of the call, for errors.
    ///   - line: of the call, for errors.
    ///   - content: optionally an `Input`, then layers.
    /// - Throws: a ``GraphError`` if the shapes do not fit, or what the closure throws.
    public convenience init(
        name: String? = nil, file: StaticString = #fileID, line: UInt = #line,
        @SequentialBuilder _ content: () throws -> [SequentialElement]
    ) throws {
        self.init(name: name)
        var elements = try content()[...]
        while let element = elements.popFirst() {
            switch element {
            case .input(let tensor): try begin(tensor)
            case .layer(let layer):
                let rest = elements.compactMap { element -> Layer? in
                    if case .layer(let layer) = element { layer } else { nil }
                }
                try append(layer, before: rest, file: file, line: line)
            }
        }
        try rewire()
    }

    /// A model of these layers.
    public convenience init(
        _ layers: [Layer], name: String? = nil, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        self.init(name: name)
        for (index, layer) in layers.enumerated() {
            try append(layer, before: layers.dropFirst(index + 1), file: file, line: line)
        }
        try rewire()
    }

    /// Sets the input; only before any layer.
    public func add(
        _ input: SymbolicTensor, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        try begin(input)
        try rewire()
    }

    private func begin(_ input: SymbolicTensor) throws {
        try checkName()
        guard stack.isEmpty, entry == nil else {
            throw GraphError(
                .invalidArgument("an Input stands after other layers", fix: "put it first"))
        }
        if let error = input.error { throw error }
        entry = input
        end = input
        if let call = input.producer as? LayerCall {
            owners[call.layer.name] = ObjectIdentifier(call.layer)
        }
    }

    /// Appends a layer.
    ///
    /// - Throws: a ``GraphError`` if the layer does not fit the one before it; the model is then
    ///   unchanged.
    public func add(
        _ layer: Layer, file: StaticString = #fileID, line: UInt = #line
    ) throws {
        try append(layer, file: file, line: line)
        try rewire()
    }

    /// Appends a layer without updating the wiring: that takes time proportional to the number of
    /// layers, so it is done once for all layers that are added together.
    ///
    /// - Parameter rest: the layers after it, as far as they are known.
    func append(
        _ layer: Layer, before rest: some Sequence<Layer> = [], file: StaticString = #fileID,
        line: UInt = #line
    ) throws {
        if let input = layer as? InputLayer {
            try begin(input.output)
            return
        }
        try checkName()
        let owner = owners[layer.name] ?? ObjectIdentifier(layer)
        guard owner == ObjectIdentifier(layer) else {
            throw GraphError(
                .invalidArgument(
                    "two layers are called \(layer.name)", fix: "give one of them another name"))
        }
        if let end {
            let output = layer(end, file: file, line: line)
            if output.error != nil, let error = rest.reduce(output, { $1($0) }).completed.error {
                throw error
            }
            self.end = output
        }
        owners[layer.name] = owner
        stack.append(layer)
    }

    private func checkName() throws {
        if DecodingLimits.current == nil, let problem = LayerNames.problem(name) {
            throw GraphError(problem)
        }
    }

    /// Updates the wiring of the current layers.
    func rewire() throws {
        if let entry, let end { wiring = try Wiring(inputs: [entry], outputs: [end]) }
        runners.removeAll()
        knownObjects = nil
    }

    /// Removes the last layer.
    public func pop() throws {
        guard stack.popLast() != nil else { return }
        let (rest, entry) = (stack, entry)
        empty()
        if let entry { try begin(entry) }
        for layer in rest { try append(layer) }
        try rewire()
    }

    private func empty() {
        stack = []
        entry = nil
        end = nil
        owners = [:]
        wiring = nil
    }

    /// The layers in order, without the input layer, as in Keras.
    public override var layers: [Layer] { stack }

    /// Creates the weights for samples of a shape, if there is no `Input`.
    ///
    /// - Parameter inputShape: the shape with the batch dimension: `[nil, 28, 28, 1]`.
    /// - Throws: a ``GraphError`` if the shapes do not fit.
    public func build(inputShape: Shape) throws {
        guard wiring == nil else { return }
        let layers = stack
        empty()
        do {
            try begin(InputLayer(batchShape: inputShape).output)
            for layer in layers { try append(layer) }
            try rewire()
        } catch {
            empty()
            for layer in layers { try append(layer) }
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

/// An element of a ``Sequential``.
public enum SequentialElement {
    case input(SymbolicTensor)
    case layer(Layer)
}

/// The result builder of a ``Sequential``; it supports `if` and `for`.
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
