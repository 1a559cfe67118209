// Layouts with blocks have elements behind the ends of the axes, which are no data and must be 0:
// convolutions read them. Programs run over them like over all others, so what comes out has to be known.
internal import StrataGraph

/// What an elementwise operation finds, or makes, between the data of a padded layout.
private enum PaddedElement {
    case zero
    /// A number that is not 0.
    case nonzero
    /// A number.
    case finite
    /// Perhaps infinite or no number, so that even 0 times it is not 0.
    case wild

    init(_ number: Float) {
        self = number == 0 ? .zero : (number.isFinite ? .nonzero : .wild)
    }
}

extension ProgramAssembly {
    /// Whether all results are 0 where all operands with an element for each of theirs are 0.
    var keepsZeros: Bool {
        var elements: [Graph.Value: PaddedElement] = [:]
        for operand in operands {
            if isFull(operand) {
                elements[operand] = .zero
            } else if case .constant(let tensor) = graph.nodes[operand.node].operation,
                tensor.count == 1
            {
                elements[operand] = PaddedElement(tensor.scalars[0])
            } else {
                elements[operand] = .finite
            }
        }
        for number in nodes {
            let node = graph.nodes[number]
            let inputs = node.inputs.map { elements[$0] ?? .wild }
            elements[Graph.Value(node: number, output: 0)] = node.operation.padded(inputs)
        }
        return results.allSatisfy { elements[$0] == .zero }
    }
}

extension Operation {
    fileprivate func padded(_ inputs: [PaddedElement]) -> PaddedElement {
        switch self {
        case .unary(let function): function.padded(inputs[0])
        case .binary(let function): function.padded(inputs[0], inputs[1])
        case .select:
            switch inputs[0] {
            case .zero: inputs[2]
            case .nonzero: inputs[1]
            case .finite, .wild:
                inputs[1] == .zero && inputs[2] == .zero
                    ? .zero : (inputs[1...].contains(.wild) ? .wild : .finite)
            }
        case .broadcast: inputs[0]
        case .cast, .dropout: inputs[0] == .nonzero ? .finite : inputs[0]
        case .random: .finite
        case .input, .variable, .constant, .reduction, .argMax, .inTopK, .softmax, .oneHot,
            .gather, .scatterAdd, .reshape, .transpose, .pad, .slice, .concatenate, .matMul,
            .innerProduct,
            .innerProductBackwardData, .innerProductBackwardWeights, .convolution,
            .convolutionBackwardData, .convolutionBackwardWeights, .pooling, .poolingBackward,
            .batchNormalization, .batchNormalizationBackward, .resampling, .resamplingBackward,
            .equalization:
            .wild
        }
    }
}

extension UnaryFunction {
    fileprivate func padded(_ x: PaddedElement) -> PaddedElement {
        if x == .wild { return .wild }
        return switch self {
        case .negate, .absolute, .sign, .square, .stopGradient: x
        case .exp, .sigmoid: .nonzero
        case .log: .wild
        case .reciprocal: x == .nonzero ? .nonzero : .wild
        case .sqrt, .log1p: x == .zero ? .zero : .wild
        case .cos: x == .zero ? .nonzero : .finite
        case .expm1, .sin, .tanh, .relu, .erf, .floor, .round: x == .zero ? .zero : .finite
        }
    }
}

extension BinaryFunction {
    fileprivate func padded(_ a: PaddedElement, _ b: PaddedElement) -> PaddedElement {
        let areZero = a == .zero && b == .zero
        switch self {
        case .equal, .lessEqual, .greaterEqual: return areZero ? .nonzero : .finite
        case .notEqual, .less, .greater: return areZero ? .zero : .finite
        case .add, .subtract, .multiply, .divide, .maximum, .minimum, .power: break
        }
        if a == .wild || b == .wild || self == .power { return .wild }
        if self == .divide {
            if b == .nonzero { return a }
            // A number that is divided by is not 0, or the data are lost as well.
            return b == .finite && a == .zero ? .zero : .wild
        }
        if self == .multiply, a == .zero || b == .zero { return .zero }
        if self == .multiply, a == .nonzero && b == .nonzero { return .nonzero }
        return areZero ? .zero : .finite
    }
}
