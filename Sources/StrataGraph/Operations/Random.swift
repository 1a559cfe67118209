/// Uniform values in 0 ..< 1 by Philox 4×32-10 (Salmon et al., 2011).
///
/// The only input is the step, an `int32` scalar: key and step determine the values, for any number
/// of threads.
package struct RandomUniform: OperationDefinition {
    package var name: String { "randomUniform" }
    package static let prototypes = [RandomUniform(shape: [], key: 0)]
    package static let attributes: [Attribute<RandomUniform>] = [
        .required("shape", \.shape, .each(atLeast: 0)),
        .required("key", \.key),
    ]
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var role: OperationRole { .elementwise }
    package var isRandom: Bool { true }
    package var shape: [Int]
    package var key: UInt64

    package init(shape: [Int], key: UInt64) {
        self.shape = shape
        self.key = key
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[0].requireStep()
        return [TensorType(Shape(shape))]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [nil]
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement { .finite }
}

/// Sets elements to 0 with probability `rate` and scales the others by 1 / (1 − rate).
///
/// Inputs are the values and the step (an `int32` scalar). The mask is a function of key, step and
/// index, so the gradient computes it again instead of storing it (Srivastava et al., 2014). It is
/// drawn by Philox 4×32-7 with 16 bits per element: the rate is rounded to a multiple of 1 /
/// 65,536.
package struct Dropout: OperationDefinition {
    package var name: String { "dropout" }
    package static let prototypes = [Dropout(rate: 0, key: 0)]
    package static let attributes: [Attribute<Dropout>] = [
        .required("rate", \.rate, .within(0..<1)),
        .required("key", \.key),
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .elementwise }
    package var isRandom: Bool { true }
    package var rate: Float
    package var key: UInt64

    package init(rate: Float, key: UInt64) {
        self.rate = rate
        self.key = key
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[1].requireStep()
        return [inputs[0]]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        [gradients[0].map { .apply(.dropout(self), $0, call.inputs[1]) }, nil]
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        inputs[0] == .nonzero ? .finite : inputs[0]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        operation.movedBehindReshape(inputs)
    }
}

extension TensorType {
    /// Throws unless this is a step counter.
    fileprivate func requireStep() throws(GraphError.Problem) {
        try require(.int32, of: "step numbers")
        try require([])
    }
}
