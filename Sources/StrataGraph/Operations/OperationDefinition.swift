/// The definition of an operation: its name, attributes, output rule and gradient, and facts for
/// plans, profiles and tests.
package protocol OperationDefinition: Attributed, Hashable {
    /// The valid numbers of inputs.
    var inputCounts: ClosedRange<Int> { get }

    var outputCount: Int { get }

    /// The types of the outputs; throws if the inputs do not fit.
    ///
    /// The number of inputs is within ``inputCounts``, and the attributes are in range.
    func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType]

    /// The gradients with respect to the inputs; `nil` for those without one.
    ///
    /// - Parameters:
    ///   - call: the node's inputs and outputs.
    ///   - gradients: those of the outputs; `nil` if nothing depends on an output.
    func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?]) -> [SymbolicTensor?]

    /// A simpler form of a call, or `nil` if there is none.
    ///
    /// - Parameters:
    ///   - operation: this definition as an operation.
    ///   - inputs: those of the call.
    func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor]) -> [SymbolicTensor]?

    var role: OperationRole { get }

    /// Whether the elements are random values keyed by their row-major index.
    var isRandom: Bool { get }

    /// The floating-point operations of a call.
    ///
    /// An addition, multiplication, comparison or elementary function is one each; a multiply-add
    /// is two. Windows are counted in full, also in padding, and copies and conversions are 0: the
    /// usual count, so that rates can be compared.
    func flops(_ shapes: CallShapes) -> Double

    /// The number of summed terms in each element of the result, with which rounding errors grow.
    func termCount(_ shapes: CallShapes) -> Int

    /// The padding elements of a blocked layout after an elementwise operation, given those of its
    /// inputs.
    func padding(_ inputs: [PaddingElement]) -> PaddingElement
}

extension OperationDefinition {
    package var outputCount: Int { 1 }
    package var role: OperationRole { .forward }
    package var isRandom: Bool { false }
    package func flops(_ shapes: CallShapes) -> Double { 0 }
    package func termCount(_ shapes: CallShapes) -> Int { 1 }
    package func padding(_ inputs: [PaddingElement]) -> PaddingElement { .unknown }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    { nil }
}

/// A node for its gradient rule.
package struct OperationCall {
    package let inputs: [SymbolicTensor]
    package let outputs: [SymbolicTensor]

    /// The gradient of the first output, in that output's type, since a primitive's operands have
    /// one type.
    func gradient(_ arrived: SymbolicTensor?) -> SymbolicTensor? {
        arrived?.cast(to: outputs[0].dtype)
    }
}

/// The role of an operation in a plan.
package enum OperationRole: Sendable {
    /// It exists before the first step.
    case leaf
    /// Every element of the result depends on one element of each input.
    case elementwise
    /// It is part of the forward pass, or anything else.
    case forward
    /// It is the data gradient of a primitive of the forward pass.
    case backward
    /// It is the weight gradient of a primitive, which is small compared to its operands.
    case weightsGradient
}

/// The shapes of a call's inputs and outputs, all of them known.
package struct CallShapes {
    package var inputs: [[Int]]
    package var outputs: [[Int]]

    package init(inputs: [[Int]], outputs: [[Int]]) {
        (self.inputs, self.outputs) = (inputs, outputs)
    }

    /// The number of elements of a shape.
    static func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }

    /// The number of elements of the first input.
    var sourceCount: Double { inputs.first.map(CallShapes.count) ?? 0 }

    /// The number of elements of the first output.
    var resultCount: Double { outputs.first.map(CallShapes.count) ?? 0 }

    /// The number of products in each element of a data gradient: all weights of a channel.
    var termsOfDataGradient: Int {
        let weights = inputs[1]
        return weights.reduce(1, *) / max(weights[weights.count - 2], 1)
    }
}

/// The padding elements of a blocked layout: not data, but convolutions read them, so they must be
/// 0.
package enum PaddingElement: Sendable {
    case zero
    /// A finite value other than 0.
    case nonzero
    case finite
    /// Perhaps infinite or NaN, so that even 0 times it is not 0.
    case unknown

    package init(_ value: Float) {
        self = value == 0 ? .zero : (value.isFinite ? .nonzero : .unknown)
    }
}
