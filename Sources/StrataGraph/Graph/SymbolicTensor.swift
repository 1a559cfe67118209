/// A value that will be computed: the result of one operation, with its type.
///
/// Operations on symbolic tensors never throw. An invalid one gives a tensor that carries the
/// error, which is thrown where a model or a graph is made from it.
public struct SymbolicTensor: Sendable {
    package enum Content: Sendable {
        case value(Node, output: Int)
        case failure(GraphError)
    }

    package let content: Content

    /// The layer call that this tensor is from; the graph itself does not use it.
    package var producer: (any TensorProducer)?
    /// The index among the call's outputs.
    package var producerOutput = 0

    package init(_ node: Node, output: Int = 0) {
        content = .value(node, output: output)
    }

    package init(failure: GraphError) {
        content = .failure(failure)
    }

    /// The dimensions; none if wiring failed before.
    public var shape: Shape { type?.shape ?? [] }

    public var dtype: DType { type?.dtype ?? .float32 }

    public var rank: Int { shape.rank }

    package var type: TensorType? {
        switch content {
        case .value(let node, let output): node.outputs[output]
        case .failure: nil
        }
    }

    package var node: Node? {
        if case .value(let node, _) = content { node } else { nil }
    }

    /// Which of its node's outputs this is.
    var output: Int {
        if case .value(_, let output) = content { output } else { 0 }
    }

    /// The first error on the path to this tensor.
    public var error: GraphError? {
        if case .failure(let error) = content { error } else { nil }
    }

    /// An input, whose value is given at run time.
    public static func input(_ name: String, _ shape: Shape, dtype: DType = .float32)
        -> SymbolicTensor
    {
        let type = TensorType(shape, dtype)
        guard shape.isPossible else {
            return SymbolicTensor(failure: GraphError(type.impossibility(of: "input \(name)")))
        }
        return SymbolicTensor(
            Node(.input(name: name), inputs: [], outputs: [type]))
    }

    /// The value of a variable at the start of a step.
    public static func variable(_ variable: Variable) -> SymbolicTensor {
        SymbolicTensor(
            Node(
                .variable(variable), inputs: [],
                outputs: [TensorType(Shape(variable.shape), variable.dtype)]))
    }

    /// A value fixed when the graph is made.
    public static func constant(_ tensor: Tensor) -> SymbolicTensor {
        SymbolicTensor(
            Node(
                .constant(tensor), inputs: [],
                outputs: [TensorType(Shape(tensor.shape), tensor.dtype)]))
    }

    /// A scalar fixed when the graph is made.
    public static func constant(_ scalar: Float) -> SymbolicTensor {
        constant(Tensor(scalar))
    }
}

/// The origin of a symbolic tensor, above the level of operations (a call of a layer).
package protocol TensorProducer: InputHolder, Sendable {
    /// The layer's name.
    var name: String { get }
}

extension SymbolicTensor: CustomStringConvertible {
    /// Shape, type and origin, as `SymbolicTensor [?, 26, 26, 32] float32 from conv2d`; or the
    /// error.
    public var description: String {
        if let error { return error.description }
        let maker = producer.map { " from \($0.name)" } ?? ""
        return "SymbolicTensor \(shape) \(dtype.rawValue)\(maker)"
    }
}
