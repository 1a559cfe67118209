/// The facts of an operation: its parameters, the rule for its outputs, its gradient, and what a plan, a
/// profile and a test want to know of it.
package protocol OperationDefinition: Sendable, Hashable {
    static var name: String { get }

    /// The word for a call in printed graphs and plans.
    var label: String { get }

    /// How many inputs a call may have.
    var inputCounts: ClosedRange<Int> { get }

    var outputCount: Int { get }

    /// The types of the outputs; throws where the inputs do not fit.
    ///
    /// There are as many inputs as ``inputCounts`` allows.
    func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType]

    /// The gradients with respect to the inputs, `nil` where there is none.
    ///
    /// - Parameters:
    ///   - call: the node's inputs and outputs.
    ///   - gradients: those of the outputs; `nil` where nothing depends on an output.
    func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?]) -> [SymbolicTensor?]

    /// What a call is better written as, or `nil` where it stands as it is.
    ///
    /// - Parameters:
    ///   - operation: this definition as an operation.
    ///   - inputs: those of the call.
    func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor]) -> [SymbolicTensor]?

    var role: OperationRole { get }

    /// Whether an element's value is drawn at random by its row-major index.
    var isRandom: Bool { get }

    /// How many floating-point operations a call takes.
    ///
    /// An addition, multiplication, comparison or elementary function is one each; a multiplication that
    /// is summed up is two. Windows are counted in full, also where they reach over an image's edges, and
    /// moving or converting data is nothing: the usual way to count, so that rates can be compared.
    func flops(_ shapes: CallShapes) -> Double

    /// How many products each element of the result is a sum of: what rounding errors grow with.
    func termCount(_ shapes: CallShapes) -> Int

    /// What lies in the padding of a blocked layout after an elementwise operation, by what lies there in
    /// its inputs.
    func padding(_ inputs: [PaddingElement]) -> PaddingElement
}

extension OperationDefinition {
    package var label: String { Self.name }
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

/// A node seen by its gradient rule.
package struct OperationCall {
    package let inputs: [SymbolicTensor]
    package let outputs: [SymbolicTensor]

    /// What arrived for the first output, in that output's type: all that a primitive reads has one.
    func gradient(_ arrived: SymbolicTensor?) -> SymbolicTensor? {
        arrived?.cast(to: outputs[0].dtype)
    }
}

/// What an operation is to a plan.
package enum OperationRole: Sendable {
    /// It is there before the first step.
    case leaf
    /// Every element of the result depends on one element of each input.
    case elementwise
    /// It computes what lies before the loss, or anything else.
    case forward
    /// It takes a gradient back through a primitive of the forward pass.
    case backward
    /// It is the gradient of a primitive's weights, which is small beside what it is computed from.
    case weightsGradient
}

/// The shapes of a call's inputs and outputs, all of them known.
package struct CallShapes {
    package var inputs: [[Int]]
    package var outputs: [[Int]]

    package init(inputs: [[Int]], outputs: [[Int]]) {
        (self.inputs, self.outputs) = (inputs, outputs)
    }

    /// How many elements a shape has.
    static func count(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }

    /// How many elements the first input has.
    var sourceCount: Double { inputs.first.map(CallShapes.count) ?? 0 }

    /// How many elements the first output has.
    var resultCount: Double { outputs.first.map(CallShapes.count) ?? 0 }

    /// How many products the gradient of a convolution's or an inner product's data sums up: all weights
    /// of a channel.
    var termsOfDataGradient: Int {
        let weights = inputs[1]
        return weights.reduce(1, *) / max(weights[weights.count - 2], 1)
    }
}

/// What lies behind the ends of the axes of a blocked layout: no data, but convolutions read it, so
/// that it must be 0.
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
