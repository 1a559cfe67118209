extension Operation {
    /// How many floating-point operations a call takes.
    ///
    /// An addition, multiplication, comparison or elementary function is one each; a multiplication that is
    /// summed up is two. Windows are counted in full, also where they reach over an image's edges, and
    /// moving or converting data is nothing: the usual way to count, so that rates can be compared.
    ///
    /// - Parameters:
    ///   - inputs: the shapes of the call's inputs.
    ///   - outputs: the shapes of its outputs.
    package func arithmeticCount(inputs: [[Int]], outputs: [[Int]]) -> Double {
        func elements(_ shape: [Int]) -> Double { shape.reduce(1) { $0 * Double($1) } }
        let result = outputs.first.map(elements) ?? 0
        let source = inputs.first.map(elements) ?? 0
        switch self {
        case .input, .variable, .constant, .cast, .reshape, .transpose, .broadcast, .pad, .slice,
            .concatenate, .oneHot, .gather, .unary(.stopGradient):
            return 0
        case .unary, .binary, .select, .dropout, .random:
            return result
        case .reduction, .argMax, .inTopK, .scatterAdd, .equalization:
            return source
        case .resampling(let resampling):
            // Four weights, products and sums for each channel of a pixel, or a choice.
            return resampling.isLinear ? 8 * result : 0
        case .resamplingBackward(let backward):
            return backward.resampling.isLinear ? 8 * source : source
        case .softmax:
            // The maximum, a difference, an exponential, the sum, and a quotient or difference.
            return 5 * result
        case .matMul, .innerProduct:
            return 2 * source * Double(inputs[1].last ?? 0)
        case .innerProductBackwardData:
            return 2 * result * Double(inputs[1].last ?? 0)
        case .innerProductBackwardWeights:
            return 2 * source * Double(inputs[1].last ?? 0)
        case .convolution:
            return 2 * result * elements(inputs[1].dropLast())
        case .convolutionBackwardData:
            return 2 * source * elements(inputs[1].dropLast())
        case .convolutionBackwardWeights:
            return 2 * elements(inputs[1]) * elements(outputs[0].dropLast())
        case .pooling(let pooling):
            return result * elements(pooling.window(over: inputs[0]).size)
        case .poolingBackward(let backward):
            switch backward.pooling.kind {
            // Each gradient goes to one place.
            case .maximum: return source
            case .average:
                return source * elements(backward.pooling.window(over: outputs[0]).size)
            }
        case .batchNormalization(let normalization):
            // The mean takes 1 for each element, the variance 3, scaling and shifting 2.
            return result * (normalization.usesGivenStatistics ? 2 : 6)
        case .batchNormalizationBackward:
            // The gradients of shift and scale take 1 and 3, that of the image 5.
            return source * 9
        }
    }
}

extension Graph {
    /// How many floating-point operations some nodes take together.
    package func arithmeticCount(of nodes: [Int]) -> Double {
        nodes.reduce(0) { sum, number in
            let node = self.nodes[number]
            return sum
                + node.operation.arithmeticCount(
                    inputs: node.inputs.map { shape($0) },
                    outputs: node.outputs.map { $0.shape.known ?? [] })
        }
    }
}
