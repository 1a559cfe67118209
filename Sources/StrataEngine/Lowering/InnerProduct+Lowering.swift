internal import StrataGraph

extension PlanBuilder {
    /// The shape of rows as oneDNN takes it: flat.
    ///
    /// It takes images as well, blocked channels and all, but then by a slower implementation (gemm
    /// instead of brgemm in 2.6) whose three passes want the weights in three layouts. An image is
    /// small beside the weights that read it.
    private func rows(_ value: Graph.Value) -> [Int] {
        let shape = graph.shape(value)
        return [shape[0], shape.dropFirst().reduce(1, *)]
    }

    private func weightAxes(rows: [Int], units: Int) -> KernelAxes {
        KernelAxes([rows[1], units], groups: 1)
    }

    private func innerProductForward(
        rows: [Int], units: Int, bias biasType: DType?, dtype: DType, activation: Activation?
    ) throws(EngineError) -> PrimitiveDescriptor {
        let tensors = [
            try anyImage(rows, dtype), try weightAxes(rows: rows, units: units).any(dtype),
            try biasType.map { type throws(EngineError) in try .plain([units], type) },
            try MemoryDescriptor.any([rows[0], units], dtype),
        ]
        return try .innerProduct(
            isTraining: isTraining, "inner product of \(rows) with \(units) units", tensors,
            PostOps(activation: activation))
    }

    mutating func lowerInnerProduct(
        _ node: Graph.Call, _ result: Graph.Value, _ activation: Activation?
    ) throws(EngineError) {
        let rows = rows(node.inputs[0])
        let units = graph.shape(result)[1]
        if prefersImplicitGEMM(rows: rows, units: units, graph[node.inputs[0]].dtype) {
            return try lowerImplicitGEMMInnerProduct(rows: rows, node, result, activation)
        }
        let descriptor = try innerProductForward(
            rows: rows, units: units, bias: biasType(node),
            dtype: graph[node.inputs[0]].dtype, activation: activation)
        let axes = weightAxes(rows: rows, units: units)
        try layOutConverted(node.inputs[1], rows, units)
        let (source, weights) = (descriptor.source, descriptor.weights)
        var reads = [
            (
                Argument.source, source,
                try buffer(for: node.inputs[0], as: try inGraphOrder(source))
            ),
            (
                Argument.weights, weights,
                try buffer(for: node.inputs[1], as: try weights.permuted(inverse(axes.order)))
            ),
        ]
        if node.inputs.count == 3 {
            let bias = try MemoryDescriptor.plain([units], graph[node.inputs[2]].dtype)
            reads.append((Argument.bias, bias, try plainBuffer(node.inputs[2])))
        }
        let destination = descriptor.destination
        let buffer = define(result, destination)
        append(
            activation.appended(to: "innerProduct"), descriptor,
            reads: reads, writes: [(Argument.destination, destination, buffer)])
    }

    /// Chooses the layout of the gradient for weights that are converted where they are read: AMX's products want
    /// other blocks in bfloat16 than the gradient has, and the conversion is a reorder anyway.
    private mutating func layOutConverted(_ weights: Graph.Value, _ rows: [Int], _ units: Int)
        throws(EngineError)
    {
        guard isTraining, graph.isWeightsCast(weights.node) else { return }
        let axes = weightAxes(rows: rows, units: units)
        let gradient = try innerProductBackwardWeights(
            rows, units: units, graph[weights].dtype, bias: nil
        ).diffWeights
        _ = try buffer(
            for: graph.nodes[weights.node].inputs[0], as: try gradient.permuted(inverse(axes.order))
        )
    }

    mutating func lowerInnerProductBackwardData(
        _ backward: InnerProductBackwardData, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let (gradient, kernel) = (node.inputs[0], node.inputs[1])
        let rows = rows(result)
        let units = graph.shape(gradient)[1]
        let dtype = graph[gradient].dtype
        let hint = try innerProductForward(
            rows: rows, units: units, bias: nil, dtype: dtype, activation: nil)
        let axes = weightAxes(rows: rows, units: units)
        let descriptor = try PrimitiveDescriptor.innerProductDataGradient(
            [try anyImage(rows, dtype), try axes.any(dtype), try .any([rows[0], units], dtype)],
            hint: hint)
        let (wanted, kernelLayout) = (descriptor.diffDestination, descriptor.weights)
        let reads = [
            (Argument.diffDestination, wanted, try buffer(for: gradient, as: wanted)),
            (
                Argument.weights, kernelLayout,
                try buffer(for: kernel, as: try kernelLayout.permuted(inverse(axes.order)))
            ),
        ]
        let made = descriptor.diffSource
        let plain = try MemoryDescriptor.plain(rows, dtype)
        let buffer = define(
            result, made.isSame(as: plain) ? try .plain(graph.shape(result), dtype) : made)
        append(
            "innerProductBackwardData", descriptor, reads: reads,
            writes: [(Argument.diffSource, made, buffer)])
    }

    /// The primitive for rows of a shape, with layouts in oneDNN's order of axes.
    func innerProductBackwardWeights(
        _ shape: [Int], _ dtype: DType, rows: MemoryDescriptor, weights: MemoryDescriptor,
        bias: MemoryDescriptor?, gradient: MemoryDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        let hint = try innerProductForward(
            rows: shape, units: gradient.dims[1], bias: bias == nil ? nil : .float32,
            dtype: dtype, activation: nil)
        return try .innerProductWeightsGradient([rows, weights, bias, gradient], hint: hint)
    }

    /// The primitive with the layouts that it chooses.
    private func innerProductBackwardWeights(
        _ rows: [Int], units: Int, _ dtype: DType, bias: MemoryDescriptor?
    ) throws(EngineError) -> PrimitiveDescriptor {
        try innerProductBackwardWeights(
            rows, dtype, rows: try anyImage(rows, dtype),
            weights: try weightAxes(rows: rows, units: units).any(.float32), bias: bias,
            gradient: try .any([rows[0], units], dtype))
    }

    mutating func lowerInnerProductBackwardWeights(
        _ backward: InnerProductBackwardWeights, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (input, gradient) = (node.inputs[0], node.inputs[1])
        let rows = rows(input)
        let units = graph.shape(gradient)[1]
        let dtype = graph[gradient].dtype
        let axes = weightAxes(rows: rows, units: units)
        let bias = backward.hasBias ? try MemoryDescriptor.plain([units], .float32) : nil
        let descriptor = try innerProductBackwardWeights(rows, units: units, dtype, bias: bias)
        let partitions = try partitions(of: descriptor) { source, gradient throws(EngineError) in
            try innerProductBackwardWeights(
                source.dims, dtype, rows: source, weights: descriptor.diffWeights, bias: bias,
                gradient: gradient)
        }
        try appendWeightsGradient(
            "innerProductBackwardWeights", descriptor, partitions, node, number, axes, bias: bias)
    }
}
