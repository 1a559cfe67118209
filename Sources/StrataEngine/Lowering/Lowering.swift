internal import StrataGraph

extension PlanBuilder {
    /// Lowers a node that is a step of its own.
    mutating func lower(_ number: Int, _ fused: FusedOperations) throws(EngineError) {
        let node = graph.nodes[number]
        lowered.insert(number)
        lowered.formUnion(fused.nodes)
        let output = Graph.Value(node: number, output: 0)
        switch node.operation {
        case .input(let name): try lowerInput(name, output)
        case .constant(let tensor): try lowerConstant(tensor, output)
        case .variable: return
        case .convolution(let convolution):
            try lowerConvolution(convolution, node, output, fused)
        case .convolutionBackwardData(let backward):
            try lowerConvolutionBackwardData(backward, node, output)
        case .convolutionBackwardWeights(let backward):
            try lowerConvolutionBackwardWeights(backward, node, number)
        case .matMul: try lowerMatMul(node, output)
        case .innerProduct:
            try lowerInnerProduct(node, fused.result ?? output, fused.activation?.function)
        case .innerProductBackwardData(let backward):
            try lowerInnerProductBackwardData(backward, node, output)
        case .innerProductBackwardWeights(let backward):
            try lowerInnerProductBackwardWeights(backward, node, number)
        case .pooling(let pooling): try lowerPooling(pooling, node, output, fused.prologue)
        case .poolingBackward(let backward):
            try lowerPoolingBackward(backward, node, output, fused)
        case .batchNormalization(let normalization):
            try lowerBatchNormalization(normalization, node, number)
        case .batchNormalizationBackward(let backward):
            try lowerBatchNormalizationBackward(backward, node, number)
        case .gridSample(let gridSample):
            try lowerGridSample(gridSample, node, output, isBackward: false)
        case .gridSampleBackward(let backward):
            try lowerGridSample(backward.gridSample, node, output, isBackward: true)
        case .equalization(let equalization):
            try lowerEqualization(equalization, node, output)
        case .reduction(let reduction): try lowerReduction(reduction, node, output)
        case .argMax(let argMax): try lowerArgMax(argMax, node, output)
        case .cumulativeSum(let sum): try lowerCumulativeSum(sum, node, output)
        case .inTopK(let inTopK): try lowerInTopK(inTopK, node, output)
        case .softmax(let softmax): try lowerSoftmax(softmax, node, output)
        case .oneHot(let oneHot): try lowerOneHot(oneHot, node, output)
        case .gather: try lowerGather(node, output)
        case .scatterAdd: try lowerScatterAdd(node, output)
        case .reshape: try lowerReshape(node, output)
        case .transpose(let transpose): try lowerTranspose(transpose, node, output)
        case .pad(let pad): try lowerPad(pad, node, output)
        case .slice(let slice): try lowerSlice(slice, node, output)
        case .concatenate(let concatenate): try lowerConcatenate(concatenate, node, output)
        case .hostCall(let call): try lowerHostCall(call, node, number)
        case .gradientOverride: try lowerGradientOverride(node, output)
        case .cast where graph.isWeightsCast(number): return
        case .unary, .binary, .select, .cast, .dropout, .randomUniform, .broadcast:
            try lowerElementwise([number])
        }
    }

    private mutating func lowerInput(_ name: String, _ output: Graph.Value) throws(EngineError) {
        let shape = graph.shape(output)
        let layout = try MemoryDescriptor.plain(shape, graph[output].dtype)
        let buffer = newBuffer(layout.byteCount, .input(plan.inputs.count))
        plan.inputs.append(
            (name, Plan.Endpoint(buffer: buffer, shape: shape, dtype: graph[output].dtype)))
        place(output, Placement(layout: layout, buffer: buffer))
    }

    private mutating func lowerConstant(_ tensor: Tensor, _ output: Graph.Value)
        throws(EngineError)
    {
        let layout = try MemoryDescriptor.plain(tensor.shape, tensor.dtype)
        let buffer = newBuffer(layout.byteCount, .constant(tensor))
        markInvariant(buffer)
        place(output, Placement(layout: layout, buffer: buffer))
    }
}
