package import StrataGraph

/// An operation on inputs of certain shapes: what the gradient and lowering tests go through.
package struct OperationCase: Sendable, CustomStringConvertible {
    /// Which numbers an input takes.
    package enum Values: Sendable {
        /// Spread evenly between bounds.
        case between(Double, Double)
        /// Between 0.2 and 2 in size, of both signs: away from the kinks at 0.
        case awayFromZero
        /// No two nearer than 0.05, so that no maximum is in doubt; with another `shift` never equal
        /// to those of this one.
        case distinct(shift: Double)
        /// Whole numbers from 0 on, below the bound.
        case whole(below: Int)
    }

    package struct Input: Sendable {
        package var shape: [Int]
        package var values: Values
        package var dtype: DType
        /// Whether the operation claims a gradient with respect to it.
        package var hasGradient: Bool

        package init(
            _ shape: [Int], _ values: Values = .between(-1, 1), dtype: DType = .float32,
            hasGradient: Bool = true
        ) {
            self.shape = shape
            self.values = values
            self.dtype = dtype
            self.hasGradient = hasGradient && dtype.isFloatingPoint
        }
    }

    package let description: String
    package let inputs: [Input]
    /// How often the operation says that it can be differentiated: 0, 1 or 2 times.
    package let order: Int
    private let build: @Sendable ([SymbolicTensor]) -> [SymbolicTensor]

    package init(
        _ description: String, order: Int = 2, _ inputs: [Input],
        outputs build: @escaping @Sendable ([SymbolicTensor]) -> [SymbolicTensor]
    ) {
        self.description = description
        self.order = order
        self.inputs = inputs
        self.build = build
    }

    package init(
        _ description: String, order: Int = 2, _ inputs: [Input],
        _ build: @escaping @Sendable ([SymbolicTensor]) -> SymbolicTensor
    ) {
        self.init(description, order: order, inputs, outputs: { [build($0)] })
    }

    /// The case as graphs, and values for all their inputs.
    package func traced(seed: UInt64 = 1) -> Trace { Trace(self, build, seed: seed) }

    package struct Trace {
        /// By the name of the input.
        package private(set) var values: [String: ReferenceTensor] = [:]
        package let outputs: [SymbolicTensor]
        /// Σ output · cotangent, which has every gradient in it.
        package private(set) var loss = SymbolicTensor.constant(0)
        /// The inputs that have a gradient.
        package private(set) var sources: [(name: String, tensor: SymbolicTensor)] = []
        /// The inputs that the gradient's own gradient is taken of: `sources` and the cotangents.
        package private(set) var secondSources: [(name: String, tensor: SymbolicTensor)] = []
        /// The gradients with respect to `sources`.
        package private(set) var gradients: [SymbolicTensor] = []
        /// Σ gradient · direction, which has every second gradient in it.
        package private(set) var secondLoss = SymbolicTensor.constant(0)

        fileprivate init(
            _ item: OperationCase, _ build: ([SymbolicTensor]) -> [SymbolicTensor], seed: UInt64
        ) {
            var generator = SplitMix(seed: seed)
            var tensors: [SymbolicTensor] = []
            for (number, input) in item.inputs.enumerated() {
                let tensor = SymbolicTensor.input(
                    "\(number)", Shape(input.shape), dtype: input.dtype)
                tensors.append(tensor)
                values["\(number)"] = input.drawn(using: &generator)
                if input.hasGradient { sources.append(("\(number)", tensor)) }
            }
            outputs = build(tensors)
            guard item.order > 0 else { return }
            secondSources = sources
            func product(_ tensor: SymbolicTensor, _ name: String) -> SymbolicTensor {
                let input = Input(tensor.shape.known ?? [])
                let factor = SymbolicTensor.input(name, tensor.shape)
                values[name] = input.drawn(using: &generator)
                secondSources.append((name, factor))
                return (tensor * factor).sum()
            }
            for (number, output) in outputs.enumerated() where output.dtype.isFloatingPoint {
                loss = loss + product(output, "cotangent.\(number)")
            }
            gradients = loss.gradients(withRespectTo: sources.map(\.tensor))
            guard item.order > 1 else { return }
            let last = secondSources.count
            for (number, gradient) in gradients.enumerated() {
                secondLoss = secondLoss + product(gradient, "direction.\(number)")
            }
            secondSources.removeSubrange(last...)
        }
    }
}

extension OperationCase.Input {
    /// Numbers that `float32` holds exactly, so that the engine gets the same.
    fileprivate func drawn(using generator: inout SplitMix) -> ReferenceTensor {
        let count = shape.reduce(1, *)
        let drawn: [Double]
        switch values {
        case .between(let low, let high):
            drawn = (0..<count).map { _ in .random(in: low...high, using: &generator) }
        case .awayFromZero:
            drawn = (0..<count).map { _ in
                let size = Double.random(in: 0.2...2, using: &generator)
                return Bool.random(using: &generator) ? size : -size
            }
        case .distinct(let shift):
            let places = Array(0..<count).shuffled(using: &generator)
            drawn = places.map { 0.0625 * Double($0 - count / 2) + 0.0313 * shift }
        case .whole(let bound):
            drawn = (0..<count).map { _ in Double(Int.random(in: 0..<bound, using: &generator)) }
        }
        return ReferenceTensor(drawn.map { Double(Float($0)) }, shape: shape)
    }
}
