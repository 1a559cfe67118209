package import StrataGraph

/// Errors of the size that rounding makes, at random.
///
/// What a computation loses in `float32` depends on how its numbers cancel and grow on the way. Done
/// again in `Double` with every value off by up to ε of itself, it shows: a sum of n products moves
/// by about ε · √n · their size, a difference of near numbers by ε of these. So the movement of the
/// result is the ε · √n · scale that a lowering may be off by, whatever the graph.
package struct Rounding: Sendable {
    private var generator: SplitMix

    package init(seed: UInt64) {
        generator = SplitMix(seed: seed)
    }

    /// - Parameter terms: how many numbers each element is a sum of.
    mutating func disturbed(_ value: ReferenceTensor, _ dtype: DType, terms: Int)
        -> ReferenceTensor
    {
        guard let epsilon = dtype.epsilon else { return value }
        // Partial sums are of the size of the sum, and each is rounded to float32, for bfloat16 too.
        let partial = terms > 1 ? 0x1p-24 * Double(terms).squareRoot() * value.typicalSize : 0
        let values = value.values.map { element in
            element * (1 + .random(in: -epsilon...epsilon, using: &generator))
                + .random(in: -1...1, using: &generator) * partial
        }
        return ReferenceTensor(values, shape: value.shape)
    }
}

extension ReferenceTensor {
    /// The root of the mean square of the elements.
    fileprivate var typicalSize: Double {
        let squares = values.reduce(0) { $1.isFinite ? $0 + $1 * $1 : $0 }
        return (squares / Double(max(count, 1))).squareRoot()
    }
}

extension Operation {
    /// How many products each element of the result is a sum of in `float32`, in the usual order.
    func terms(_ inputs: [ReferenceTensor]) -> Int {
        definition?.termCount(CallShapes(inputs: inputs.map(\.shape), outputs: [])) ?? 1
    }
}

extension DType {
    /// The distance from 1 to the next number; `nil` for types of whole numbers, which do not round.
    package var epsilon: Double? {
        switch self {
        case .float32: 0x1p-23
        case .bfloat16: 0x1p-7
        case .int32, .uint8, .bool: nil
        }
    }
}

extension Graph {
    /// What the outputs and updates should be, and how far off an engine may be that rounds.
    package func expected(
        inputs: [String: ReferenceTensor], variables: [Variable: ReferenceTensor] = [:]
    ) throws -> Expectation {
        let values = outputs + updates.map(\.value)
        let exact = try ReferenceInterpreter(self, inputs: inputs, variables: variables)
        var tolerances = try values.map { value in
            // The result itself is rounded once, however it came about.
            (self[value].dtype.epsilon ?? 0) * (try exact[value]).largest
        }
        for seed in 1...3 as ClosedRange<UInt64> {
            let disturbed = try ReferenceInterpreter(
                self, inputs: inputs, variables: variables, rounding: Rounding(seed: seed))
            for (number, value) in values.enumerated() {
                let moved = (try disturbed[value]).largestDifference(from: try exact[value])
                tolerances[number] = max(tolerances[number], moved)
            }
        }
        return Expectation(
            values: try values.map { try exact[$0] }, tolerances: tolerances.map { 8 * $0 },
            outputCount: outputs.count)
    }
}

/// What a run of a graph should give: its outputs, then the values of its updates.
///
/// The tolerances are eight times what was seen: three draws show the usual error and not the largest, the
/// errors of equal numbers do not average out, and an elementary function may be off by two units where
/// an operation is by one.
package struct Expectation {
    package let values: [ReferenceTensor]
    package let tolerances: [Double]
    private let outputCount: Int

    fileprivate init(values: [ReferenceTensor], tolerances: [Double], outputCount: Int) {
        self.values = values
        self.tolerances = tolerances
        self.outputCount = outputCount
    }

    /// How results differ by more than they may, a line for each; empty where they agree.
    package func differences(from results: [Tensor]) -> String {
        zip(results, zip(values, tolerances)).enumerated().compactMap { number, item in
            let (result, (value, tolerance)) = item
            let difference = ReferenceTensor(result).largestDifference(from: value)
            if difference <= tolerance { return nil }
            let kind = number < outputCount ? "output \(number)" : "update \(number - outputCount)"
            return "\(kind) is off by \(difference), where \(tolerance) is allowed; "
                + "got \(result), expected \(value.tensor(.float32))"
        }.joined(separator: "\n")
    }
}
