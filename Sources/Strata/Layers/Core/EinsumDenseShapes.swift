/// The shapes that an equation gives the weights of an ``EinsumDense``.
///
/// Keras 3.15.1 `_analyze_einsum_string`.
struct EinsumDenseShapes {
    private(set) var kernel: [Int] = []
    private(set) var bias: [Int]?
    /// Which of the kernel's axes are summed over, and which are the output's.
    private(set) var inputAxes: [Int] = []
    private(set) var outputAxes: [Int] = []

    init(_ equation: String, biasAxes: String?, input: Shape, output: Shape)
        throws(GraphError.Problem)
    {
        let sides = equation.split(separator: "->", omittingEmptySubsequences: false)
        let operands = sides.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard sides.count == 2, operands.count == 2 else { throw Self.problem(equation) }
        let dots = "..."
        let isLeft = operands[0].hasPrefix(dots) && sides[1].hasPrefix(dots)
        let isRight = operands[0].hasSuffix(dots) && sides[1].hasSuffix(dots)
        let inputAxes = operands[0].filter { $0 != "." }
        let result = sides[1].filter { $0 != "." }
        let hidden = input.rank - inputAxes.count
        guard isLeft || isRight ? hidden >= 0 : hidden == 0, input.rank > 0,
            operands[1].allSatisfy(\.isLetter)
        else { throw Self.problem(equation) }
        // The lengths of the named axes; those without a name stand before or behind them.
        let first = isLeft ? hidden : 0
        let inputSizes = input.dimensions[first..<first + inputAxes.count]
        // The batch's axis is the first, with a name or without.
        let outputSizes = isLeft && hidden > 0 ? output.dimensions : [input[0]] + output.dimensions
        guard outputSizes.count == result.count else { throw Self.problem(equation) }
        let inputSize = Dictionary(zip(inputAxes, inputSizes)) { $1 }
        let outputSize = Dictionary(zip(result, outputSizes)) { $1 }
        for axis in inputAxes {
            guard let given = outputSize[axis] ?? nil, let own = inputSize[axis], own != given
            else { continue }
            throw .invalidArgument(
                "axis \(axis) of \(equation) has length \(own.map(String.init) ?? "?") in the input "
                    + "and \(given) in outputShape", fix: "make them equal")
        }
        // As in Keras, a length comes from outputShape where the output has the axis.
        func size(_ axis: Character) throws(GraphError.Problem) -> Int {
            if let given = outputSize[axis] {
                if let given { return given }
                throw .invalidArgument(
                    "outputShape has no length for axis \(axis) of \(equation)",
                    fix: "give one, since a weight has this axis")
            }
            guard let own = inputSize[axis] else { throw Self.problem(equation) }
            guard let own else {
                throw .unknownDimension(input, needed: "axis \(axis) of \(equation)")
            }
            return own
        }
        for (index, axis) in operands[1].enumerated() {
            kernel.append(try size(axis))
            if outputSize[axis] != nil {
                outputAxes.append(index)
            } else {
                self.inputAxes.append(index)
            }
        }
        guard let biasAxes else { return }
        guard let start = result.firstIndex(where: biasAxes.contains),
            biasAxes.allSatisfy(result.contains)
        else {
            throw .invalidArgument(
                "biasAxes \(biasAxes) are not among the output's axes \(result)",
                fix: "name axes of the output")
        }
        let own = try result[start...].map { axis throws(GraphError.Problem) in
            biasAxes.contains(axis) ? try size(axis) : 1
        }
        bias = own + Array(repeating: 1, count: isLeft ? 0 : hidden)
    }

    private static func problem(_ equation: String) -> GraphError.Problem {
        .invalidArgument(
            "the equation \(equation) does not fit the input and outputShape",
            fix: "write it as abc,cd->abd, ...c,cd->...d or ab...,bc->ac..., with a length in "
                + "outputShape for each of the output's named axes but the batch's")
    }
}

extension Initializer {
    /// The initializer with its input and output axes, if it depends on them and has none yet.
    func counting(inputs: [Int], outputs: [Int]) -> any Initializer {
        if var scaling = self as? VarianceScaling {
            if scaling.inputAxes == nil || scaling.outputAxes == nil {
                (scaling.inputAxes, scaling.outputAxes) = (inputs, outputs)
            }
            return scaling
        }
        guard let scaled = self as? any FanScaledInitializer,
            scaled.inputAxes == nil || scaled.outputAxes == nil
        else { return self }
        return type(of: scaled).init(seed: scaled.seed, inputAxes: inputs, outputAxes: outputs)
    }
}
