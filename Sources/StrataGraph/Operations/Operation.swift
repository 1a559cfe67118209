/// An operation of a graph, with its parameters.
///
/// An operation has its attributes, output rule and gradient in its own file; the switch below and the
/// engine's lowering are exhaustive, so that a new case stops the build until it is done. A test finds
/// that it is missing in ``all``.
package enum Operation: Sendable, Hashable {
    case input(name: String)
    case variable(Variable)
    case constant(Tensor)

    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case select
    case cast(DType)
    case dropout(Dropout)
    case randomUniform(RandomUniform)

    case reduction(Reduction)
    case argMax(ArgMax)
    case cumulativeSum(CumulativeSum)
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
    case gridSample(GridSample)
    case gridSampleBackward(GridSampleBackward)
    case equalization(Equalization)

    case hostCall(HostCall)
    case gradientOverride(GradientOverride)
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
        case .randomUniform(let definition): definition
        case .reduction(let definition): definition
        case .argMax(let definition): definition
        case .cumulativeSum(let definition): definition
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
        case .gridSample(let definition): definition
        case .gridSampleBackward(let definition): definition
        case .equalization(let definition): definition
        case .hostCall(let definition): definition
        case .gradientOverride(let definition): definition
        }
    }

    /// Every case by its names and attributes.
    static let all: [OperationMaker] = {
        let cases: [[OperationMaker]] = [
            makers { (leaf: InputLeaf) in .input(name: leaf.inputName) },
            makers { (leaf: VariableLeaf) in .variable(leaf.variable) },
            makers { (leaf: ConstantLeaf) in .constant(leaf.value) },
            makers(Operation.unary),
            makers(Operation.binary),
            makers { (_: Select) in .select },
            makers { (cast: Cast) in .cast(cast.dtype) },
            makers(Operation.dropout),
            makers(Operation.randomUniform),
            makers(Operation.reduction),
            makers(Operation.argMax),
            makers(Operation.cumulativeSum),
            makers(Operation.inTopK),
            makers(Operation.softmax),
            makers(Operation.oneHot),
            makers(Operation.gather),
            makers(Operation.scatterAdd),
            makers(Operation.reshape),
            makers(Operation.transpose),
            makers(Operation.broadcast),
            makers(Operation.pad),
            makers(Operation.slice),
            makers(Operation.concatenate),
            makers(Operation.matMul),
            makers(Operation.innerProduct),
            makers(Operation.innerProductBackwardData),
            makers(Operation.innerProductBackwardWeights),
            makers(Operation.convolution),
            makers(Operation.convolutionBackwardData),
            makers(Operation.convolutionBackwardWeights),
            makers(Operation.pooling),
            makers(Operation.poolingBackward),
            makers(Operation.batchNormalization),
            makers(Operation.batchNormalizationBackward),
            makers(Operation.gridSample),
            makers(Operation.gridSampleBackward),
            makers(Operation.equalization),
            makers(Operation.hostCall),
            makers(Operation.gradientOverride),
        ]
        return cases.flatMap(\.self)
    }()

    package var outputCount: Int { definition?.outputCount ?? 1 }

    package var role: OperationRole { definition?.role ?? .leaf }

    /// The types of the outputs of a call.
    ///
    /// - Throws: the problem of an attribute out of range, or of inputs that do not fit.
    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        try checkCall(inputCount: inputs.count)
        if let definition { return try definition.outputTypes(inputs) }
        if case .variable(let variable) = self {
            return [TensorType(Shape(variable.shape), variable.dtype)]
        }
        if case .constant(let tensor) = self {
            return [TensorType(Shape(tensor.shape), tensor.dtype)]
        }
        throw .invalidArgument(
            "\(label) is no call, so that nothing says its type",
            fix: "make it with its shape and type")
    }

    /// Throws if an attribute is out of range, or the number of inputs is wrong.
    func checkCall(inputCount: Int) throws(GraphError.Problem) {
        try attributed.checkAttributes()
        let counts = definition?.inputCounts ?? 0...0
        guard counts.contains(inputCount) else {
            throw .wrongInputCount(name, got: inputCount, expected: counts)
        }
    }

    /// The name of this operation in printed graphs and plans.
    package var label: String {
        if case .input(let name) = self { return "input(\(name))" }
        if case .variable(let variable) = self { return "variable(\(variable.name))" }
        return name
    }
}

extension Graph {
    /// The floating-point operations of some nodes.
    package func flops(of nodes: [Int]) -> Double {
        nodes.reduce(0) { sum, number in
            let node = self.nodes[number]
            let shapes = CallShapes(
                inputs: node.inputs.map { shape($0) },
                outputs: node.outputs.map { $0.shape.known ?? [] })
            return sum + (node.operation.definition?.flops(shapes) ?? 0)
        }
    }
}
