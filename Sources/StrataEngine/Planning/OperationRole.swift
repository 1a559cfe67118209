internal import StrataGraph

/// What an operation is to a plan.
enum OperationRole {
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

extension Operation {
    var role: OperationRole {
        switch self {
        case .input, .variable, .constant: .leaf
        case .unary, .binary, .select, .cast, .dropout, .random, .broadcast: .elementwise
        case .reduction, .argMax, .inTopK, .softmax, .oneHot, .gather, .scatterAdd, .reshape,
            .transpose, .pad, .slice, .concatenate, .matMul, .innerProduct, .convolution,
            .pooling, .batchNormalization, .resampling, .resamplingBackward, .equalization:
            .forward
        case .innerProductBackwardData, .convolutionBackwardData, .poolingBackward,
            .batchNormalizationBackward:
            .backward
        case .innerProductBackwardWeights, .convolutionBackwardWeights: .weightsGradient
        }
    }
}
