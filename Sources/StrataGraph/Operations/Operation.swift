/// Everything that a graph can compute, with its parameters.
///
/// An operation has its parameters, output rule and gradient in its own file; the two switches below
/// and the engine's lowering are exhaustive, so that a new case stops the build until it is done.
package enum Operation: Sendable, Hashable {
    case input(name: String)
    case variable(Variable)
    case constant(Tensor)

    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case select
    case cast(DType)
    case dropout(Dropout)
    case random(RandomUniform)

    case reduction(Reduction)
    case argMax(ArgMax)
    case inTopK(InTopK)
    case softmax(Softmax)
    case oneHot(OneHot)
    case gather(Gather)
    case scatterAdd(ScatterAdd)

    case reshape(Reshape)
    case transpose(Transpose)
    case broadcast(Broadcast)
    case pad(Pad)
    case slice(Slice)
    case concatenate(Concatenate)

    case matMul(MatMul)
    case innerProduct(InnerProduct)
    case innerProductBackwardData(InnerProductBackwardData)
    case innerProductBackwardWeights(InnerProductBackwardWeights)
    case convolution(Convolution)
    case convolutionBackwardData(ConvolutionBackwardData)
    case convolutionBackwardWeights(ConvolutionBackwardWeights)
    case pooling(Pooling)
    case poolingBackward(PoolingBackward)
    case batchNormalization(BatchNormalization)
    case batchNormalizationBackward(BatchNormalizationBackward)
    case resampling(Resampling)
    case resamplingBackward(ResamplingBackward)
    case equalization(Equalization)
}

/// The parameters of an operation, the rule for its outputs, and its gradient.
package protocol OperationDefinition: Sendable, Hashable {
    static var name: String { get }

    var outputCount: Int { get }

    /// The types of the outputs; throws where the inputs do not fit.
    func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType]

    /// The gradients with respect to the inputs, `nil` where there is none.
    ///
    /// - Parameters:
    ///   - call: the node's inputs and outputs.
    ///   - gradients: those of the outputs; `nil` where nothing depends on an output.
    func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?]) -> [SymbolicTensor?]
}

extension OperationDefinition {
    package var outputCount: Int { 1 }
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

extension Operation {
    /// The definition; `nil` for the leaves of a graph.
    package var definition: (any OperationDefinition)? {
        switch self {
        case .input, .variable, .constant: nil
        case .unary(let definition): definition
        case .binary(let definition): definition
        case .select: Select()
        case .cast(let dtype): Cast(dtype: dtype)
        case .dropout(let definition): definition
        case .random(let definition): definition
        case .reduction(let definition): definition
        case .argMax(let definition): definition
        case .inTopK(let definition): definition
        case .softmax(let definition): definition
        case .oneHot(let definition): definition
        case .gather(let definition): definition
        case .scatterAdd(let definition): definition
        case .reshape(let definition): definition
        case .transpose(let definition): definition
        case .broadcast(let definition): definition
        case .pad(let definition): definition
        case .slice(let definition): definition
        case .concatenate(let definition): definition
        case .matMul(let definition): definition
        case .innerProduct(let definition): definition
        case .innerProductBackwardData(let definition): definition
        case .innerProductBackwardWeights(let definition): definition
        case .convolution(let definition): definition
        case .convolutionBackwardData(let definition): definition
        case .convolutionBackwardWeights(let definition): definition
        case .pooling(let definition): definition
        case .poolingBackward(let definition): definition
        case .batchNormalization(let definition): definition
        case .batchNormalizationBackward(let definition): definition
        case .resampling(let definition): definition
        case .resamplingBackward(let definition): definition
        case .equalization(let definition): definition
        }
    }

    package var outputCount: Int { definition?.outputCount ?? 1 }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try definition?.outputTypes(inputs) ?? inputs
    }

    /// The word for this operation in printed graphs and plans.
    package var name: String {
        switch self {
        case .input(let name): "input(\(name))"
        case .variable(let variable): "variable(\(variable.name))"
        case .constant: "constant"
        case .unary(let function): function.rawValue
        case .binary(let function): function.rawValue
        case .select, .cast, .dropout, .random, .reduction, .argMax, .inTopK, .softmax, .oneHot,
            .gather, .scatterAdd, .reshape, .transpose, .broadcast, .pad, .slice, .concatenate,
            .matMul, .innerProduct,
            .innerProductBackwardData, .innerProductBackwardWeights, .convolution,
            .convolutionBackwardData, .convolutionBackwardWeights, .pooling, .poolingBackward,
            .batchNormalization, .batchNormalizationBackward, .resampling, .resamplingBackward,
            .equalization:
            definition.map { type(of: $0).name } ?? ""
        }
    }
}
