/// Uniform values in 0 ..< 1 by Philox 4×32-10 (Salmon et al., 2011).
///
/// The inputs are the step, an `int32` scalar, and optionally the first row: key, step and index
/// determine the values, for any number of threads. The first row, another `int32` scalar, is the
/// index that the first row (along axis 0) has in a larger batch: the values are those of these
/// rows of the whole batch.
package struct RandomUniform: OperationDefinition {
    package var name: String { "randomUniform" }
    package static let prototypes = [RandomUniform(shape: [], key: 0)]
    package static let attributes: [Attribute<RandomUniform>] = [
        .required("shape", \.shape, .each(atLeast: 0)),
        .required("key", \.key),
    ]
    package var inputCounts: ClosedRange<Int> { 1...2 }
    package var role: OperationRole { .elementwise }
    package var isRandom: Bool { true }
    package var shape: [Int]
    package var key: UInt64

    package init(shape: [Int], key: UInt64) {
        self.shape = shape
        self.key = key
    }

    /// The number of elements in a row.
    package var rowElementCount: Int { shape.dropFirst().reduce(1, *) }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[0].requireStep()
        if inputs.count == 2 {
            try inputs[1].requireFirstRow()
            guard !shape.isEmpty else { throw .wrongRank(got: [], expected: Self.rows) }
        }
        return [TensorType(Shape(shape))]
    }

    fileprivate static let rows = "an axis of rows"

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        call.inputs.map { _ in nil }
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement { .finite }
}

/// Sets elements to 0 with probability `rate` and scales the others by 1 / (1 − rate).
///
/// Inputs are the values, the step (an `int32` scalar) and optionally the first row, as in
/// ``RandomUniform``. The mask is a function of key, step and index, so the gradient computes it
/// again instead of storing it (Srivastava et al., 2014). It is drawn by Philox 4×32-7 with 16 bits
/// per element: the rate is rounded to a multiple of 1 / 65,536.
package struct Dropout: OperationDefinition {
    package var name: String { "dropout" }
    package static let prototypes = [Dropout(rate: 0, key: 0)]
    package static let attributes: [Attribute<Dropout>] = [
        .required("rate", \.rate, .within(0..<1)),
        .required("key", \.key),
        .optional("rowElementCount", \.rowElementCount, .atLeast(0)),
    ]
    package var inputCounts: ClosedRange<Int> { 2...3 }
    package var role: OperationRole { .elementwise }
    package var isRandom: Bool { true }
    package var rate: Float
    package var key: UInt64
    /// The number of elements in a row, where a first row is given.
    ///
    /// A call sets it from the shape of the values; it stays when a reshape is moved behind the
    /// call.
    package var rowElementCount: Int?

    package init(rate: Float, key: UInt64, rowElementCount: Int? = nil) {
        self.rate = rate
        self.key = key
        self.rowElementCount = rowElementCount
    }

    /// The number of elements in a row of values of this shape.
    package func rowElementCount(of shape: [Int]) -> Int {
        rowElementCount ?? shape.dropFirst().reduce(1, *)
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try inputs[1].requireStep()
        if inputs.count == 3 {
            try inputs[2].requireFirstRow()
            guard rowElementCount != nil || inputs[0].shape.rank > 0 else {
                throw .wrongRank(got: inputs[0].shape, expected: RandomUniform.rows)
            }
        }
        return [inputs[0]]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let dropped = gradients[0].map {
            SymbolicTensor.applying(.dropout(self), [$0] + call.inputs.dropFirst())[0]
        }
        return [dropped] + call.inputs.dropFirst().map { _ in nil }
    }

    package func padding(_ inputs: [PaddingElement]) -> PaddingElement {
        inputs[0] == .nonzero ? .finite : inputs[0]
    }

    package func rewritten(_ operation: Operation, _ inputs: [SymbolicTensor])
        -> [SymbolicTensor]?
    {
        guard inputs.count == 3, rowElementCount == nil, inputs[0].rank > 0,
            let count = Shape(Array(inputs[0].shape.dimensions.dropFirst())).elementCount
        else { return operation.movedBehindReshape(inputs) }
        var counted = self
        counted.rowElementCount = count
        return SymbolicTensor.applying(.dropout(counted), inputs)
    }
}

extension TensorType {
    /// Throws unless this is a step counter.
    fileprivate func requireStep() throws(GraphError.Problem) {
        try require(.int32, of: "step numbers")
        try require([])
    }

    /// Throws unless this is the index of a row.
    fileprivate func requireFirstRow() throws(GraphError.Problem) {
        try require(.int32, of: "first rows")
        try require([])
    }
}
