// Letters: N batch, C channels, O filters, I channels of a group, G groups, spatial axes between.
internal import StrataGraph

/// The axes of a kernel in the graph's order with filters split by group, and oneDNN's order.
struct KernelAxes {
    let dims: [Int]
    let order: [Int]

    init(_ shape: [Int], groups: Int) {
        if groups == 1 {
            dims = shape
            order = kernelOrder(dims.count)
        } else {
            dims = Array(shape.dropLast()) + [groups, shape[shape.count - 1] / groups]
            order = groupedKernelOrder(dims.count)
        }
    }

    /// A layout for the primitive to choose.
    func any(_ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        try .any(order.map { dims[$0] }, dtype)
    }
}

extension PlanBuilder {
    func anyImage(_ shape: [Int], _ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        try .any(imageOrder(shape.count).map { shape[$0] }, dtype)
    }

    /// A primitive's layout of an image, in the graph's order of axes.
    func inGraphOrder(_ layout: MemoryDescriptor) throws(EngineError) -> MemoryDescriptor {
        try layout.permuted(inverse(imageOrder(layout.rank)))
    }

    /// The type of a call's third input.
    func biasType(_ node: Graph.Call) -> DType? {
        node.inputs.count == 3 ? graph[node.inputs[2]].dtype : nil
    }

    private func problem(
        _ pass: ConvolutionProblem.Pass, _ convolution: Convolution, image: [Int], kernel: [Int],
        output: Graph.Value
    ) -> ConvolutionProblem {
        ConvolutionProblem(
            pass: pass, convolution: convolution, image: image, kernel: kernel,
            output: graph.shape(output), dtype: graph[output].dtype, isTraining: isTraining,
            isBesideNormalization: graph.nodes.contains { node in
                if case .batchNormalization = node.operation { true } else { false }
            })
    }

    /// A convolution that a node of the graph computes.
    func forwardProblem(_ convolution: Convolution, _ number: Int) -> ConvolutionProblem {
        let inputs = graph.nodes[number].inputs
        var problem = problem(
            .forward, convolution, image: graph.shape(inputs[0]), kernel: graph.shape(inputs[1]),
            output: Graph.Value(node: number, output: 0))
        problem.dtype = graph[inputs[0]].dtype
        return problem
    }

    mutating func lowerConvolution(
        _ convolution: Convolution, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) {
        var problem = forwardProblem(convolution, output.node)
        problem.addsTensor = fused.addition != nil
        problem.activation = fused.activation?.function
        var primitive: PrimitiveDescriptor?
        func usesAMX() throws(EngineError) -> Bool {
            let made = try oneDNNConvolution(problem, node, output, fused)
            primitive = made
            return made.implementation.usesAMX
        }
        let choice = try ConvolutionChoice(for: problem, usesAMX: usesAMX)
        switch choice.algorithm {
        case .batchBlocked:
            try lowerBatchBlockedConvolution(choice, node, output, fused)
        case .implicitGEMM:
            if try lowerImplicitGEMMConvolution(choice, node, output, fused) { return }
            let others = try ConvolutionChoice(
                for: problem, refused: [.implicitGEMM: "what is added is read later"],
                usesAMX: usesAMX)
            try lowerConvolution(others, node, output, fused, primitive)
        case .stridedWinograd, .im2col, .winograd, .direct:
            try lowerConvolution(choice, node, output, fused, primitive)
        }
    }

    private mutating func lowerConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations, _ primitive: PrimitiveDescriptor?
    ) throws(EngineError) {
        switch choice.algorithm {
        case .stridedWinograd:
            try lowerStridedWinogradConvolution(choice, node, output, fused)
        case .im2col: try lowerIm2colConvolution(choice, node, output, fused)
        case .batchBlocked, .implicitGEMM, .winograd, .direct:
            try lowerOneDNNConvolution(choice, node, output, fused, primitive)
        }
    }

    mutating func lowerConvolutionBackwardData(
        _ backward: ConvolutionBackwardData, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let problem = problem(
            .dataGradient, backward.convolution, image: graph.shape(result),
            kernel: graph.shape(node.inputs[1]), output: node.inputs[0])
        var primitive: PrimitiveDescriptor?
        let choice = try ConvolutionChoice(for: problem) { () throws(EngineError) in
            let made = try oneDNNDataGradient(problem)
            primitive = made
            return made.implementation.usesAMX
        }
        switch choice.algorithm {
        case .batchBlocked: try lowerBatchBlockedBackwardData(choice, node, result)
        case .stridedWinograd: try lowerStridedWinogradBackwardData(choice, node, result)
        case .im2col: try lowerIm2colBackwardData(choice, node, result)
        case .implicitGEMM, .winograd, .direct:
            try lowerOneDNNDataGradient(choice, node, result, primitive)
        }
    }

    mutating func lowerConvolutionBackwardWeights(
        _ backward: ConvolutionBackwardWeights, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let problem = problem(
            .weightsGradient, backward.convolution, image: graph.shape(node.inputs[0]),
            kernel: backward.kernelShape.known ?? [], output: node.inputs[1])
        let hasBias = backward.hasBias
        var primitive: PrimitiveDescriptor?
        let choice = try ConvolutionChoice(for: problem) { () throws(EngineError) in
            let made = try oneDNNWeightsGradient(problem, hasBias: hasBias)
            primitive = made
            return made.implementation.usesAMX
        }
        switch choice.algorithm {
        case .batchBlocked:
            try lowerBatchBlockedBackwardWeights(choice, node, number, hasBias: hasBias)
        case .stridedWinograd:
            try lowerStridedWinogradBackwardWeights(choice, node, number, hasBias: hasBias)
        case .im2col: try lowerIm2colBackwardWeights(choice, node, number, hasBias: hasBias)
        case .implicitGEMM, .winograd, .direct:
            try lowerOneDNNWeightsGradient(choice, node, number, hasBias: hasBias, primitive)
        }
    }
}
