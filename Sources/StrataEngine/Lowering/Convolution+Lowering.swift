// Letters: N batch, C channels, O filters, I channels of a group, G groups, spatial axes between.
internal import COneDNN
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

    /// The layout that a primitive chooses, as it asks for it.
    func any(_ dtype: DType) throws(EngineError) -> MemoryDescriptor {
        try .any(order.map { dims[$0] }, dtype)
    }
}

extension Window {
    func raw(over image: [Int]) -> strata_window {
        var raw = strata_window()
        withUnsafeMutableBytes(of: &raw) { bytes in
            let rows = bytes.bindMemory(to: Int64.self)
            for axis in 0..<rank {
                let margins = margins(axis, length: image[axis + 1])
                let values = [
                    strides[axis], dilations[axis] - 1, margins.low, margins.high, size[axis],
                ]
                for (row, value) in values.enumerated() { rows[row * 3 + axis] = Int64(value) }
            }
        }
        return raw
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

    /// The forward primitive, also where only its gradients are wanted: they are chosen to match it.
    private func convolutionForward(
        _ item: ConvolutionProblem, bias biasType: DType?, _ algorithm: dnnl_alg_kind_t,
        _ postOps: PostOps = PostOps(),
        layouts: (source: MemoryDescriptor, destination: MemoryDescriptor)? = nil,
        likesBlocks: Bool = false
    ) throws(EngineError) -> PrimitiveDescriptor {
        let (image, kernel, output) = (item.image, item.kernel, item.output)
        let wanted =
            if let layouts { layouts } else {
                (
                    source: try anyImage(image, item.dtype),
                    destination: try anyImage(output, item.dtype)
                )
            }
        let filters = output[output.count - 1]
        let tensors = [
            wanted.source, try KernelAxes(kernel, groups: item.convolution.groups).any(item.dtype),
            try biasType.map { type throws(EngineError) in try .plain([filters], type) },
            wanted.destination,
        ]
        var window = item.convolution.window.raw(over: image)
        // For inference oneDNN 2.6 likes channels last, which is faster for a few images; from some eight
        // on the blocks of channels that it likes for training are, by 5 to 15 %.
        let keepsBlocks =
            isTraining || likesBlocks || (algorithm == dnnl_convolution_direct && output[0] >= 8)
        return try PrimitiveDescriptor.make(
            "convolution of \(image) with \(kernel)", tensors, postOps
        ) {
            strata_convolution_forward(
                $0, $1, $2, algorithm, keepsBlocks ? 1 : 0, $3[0], $3[1], $3[2], $3[3], &window)
        }
    }

    /// Whether a convolution by Winograd's algorithm reads the value, or what is computed from each element.
    private func isReadInBlocks(_ value: Graph.Value) -> Bool {
        graph.nodes.indices.contains { number in
            let node = graph.nodes[number]
            guard node.inputs.contains(value) else { return false }
            let result = Graph.Value(node: number, output: 0)
            if case .convolution(let convolution) = node.operation {
                return ConvolutionProblem(
                    convolution: convolution, image: graph.shape(value),
                    kernel: graph.shape(node.inputs[1]), output: graph.shape(result),
                    dtype: graph[value].dtype
                ).winogradPays
            }
            return node.operation.role == .elementwise
                && graph.shape(result) == graph.shape(value) && isReadInBlocks(result)
        }
    }

    mutating func lowerConvolution(
        _ convolution: Convolution, _ node: Graph.Call, _ output: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        let (image, kernel) = (node.inputs[0], node.inputs[1])
        let item = ConvolutionProblem(
            convolution: convolution, image: graph.shape(image), kernel: graph.shape(kernel),
            output: graph.shape(output), dtype: graph[image].dtype)
        if interleaves(item) {
            return try lowerBatchBlockedConvolution(item, node, output, epilogue)
        }
        if !isTraining, item.multipliesWindows,
            try lowerImplicitGEMMConvolution(item, node, output, epilogue)
        {
            return
        }
        var postOps = PostOps(activation: epilogue.activation?.function)
        let accumulated = try accumulated(item, node, epilogue)
        var descriptor: PrimitiveDescriptor
        if let accumulated {
            descriptor = accumulated.descriptor
        } else {
            // From few channels oneDNN makes blocks as fast as channels last.
            let likesBlocks =
                !isTraining && convolution.groups == 1 && item.kernel[item.kernel.count - 2] <= 3
                && isReadInBlocks(epilogue.result ?? output)
            descriptor = try item.firstOf { algorithm throws(EngineError) in
                try convolutionForward(
                    item, bias: biasType(node), algorithm, postOps, likesBlocks: likesBlocks)
            }
        }
        if epilogue.addition == nil, item.multipliesTiles,
            [nil, .relu].contains(epilogue.activation?.function)
        {
            return try lowerStridedWinogradConvolution(
                item, node, epilogue.result ?? output, epilogue.activation?.function,
                like: descriptor.destination)
        }
        if epilogue.addition == nil,
            item.multipliesPatches(insteadOf: descriptor, isTraining: isTraining)
        {
            return try lowerIm2colConvolution(convolution, node, output, epilogue)
        }
        if epilogue.addition != nil, accumulated == nil {
            postOps.addition = descriptor.destination
            // Asked for any layout with an addition, oneDNN 2.6 comes with its slowest implementation.
            let adding = try? convolutionForward(
                item, bias: biasType(node), dnnl_convolution_direct, postOps,
                layouts: (descriptor.source, descriptor.destination))
            guard let adding, adding.addsTensors, !descriptor.isWinograd else {
                try lowerConvolution(convolution, node, output, Fusion.Epilogue())
                return try lowerProgram(epilogue.nodes)
            }
            descriptor = adding
        }
        let axes = KernelAxes(graph.shape(kernel), groups: convolution.groups)
        let source = descriptor.source
        let weights = descriptor.weights
        var reads = [
            (Argument.source, source, try buffer(for: image, as: try inGraphOrder(source))),
            (Argument.weights, weights, try weightsBuffer(kernel, as: weights, axes)),
        ]
        if node.inputs.count == 3 {
            let bias = try MemoryDescriptor.plain(
                graph.shape(node.inputs[2]), graph[node.inputs[2]].dtype)
            reads.append((Argument.bias, bias, try plainBuffer(node.inputs[2])))
        }
        let destination = descriptor.destination
        var name = "convolution"
        if let addition = epilogue.addition {
            if accumulated == nil {
                let other = try buffer(for: addition.value, as: try inGraphOrder(destination))
                reads.append((Argument.addition, destination, other))
            }
            name += "+add"
        }
        if let activation = epilogue.activation { name += "+\(activation.function.rawValue)" }
        let result = epilogue.result ?? output
        let layout = try inGraphOrder(destination)
        let buffer = accumulated?.buffer ?? newBuffer(layout.byteCount)
        place(result, Placement(layout: layout, buffer: buffer))
        append(
            name, descriptor, accumulator: accumulated?.buffer,
            reads: reads, writes: [(Argument.destination, destination, buffer)])
    }

    /// A convolution that adds to what is added to it, in its memory, if nobody reads that later.
    ///
    /// oneDNN 2.6 has that in its implementations by small matrix products, which are faster for a few
    /// images, and reads one tensor less; another tensor as an operand it has in others only.
    private mutating func accumulated(
        _ item: ConvolutionProblem, _ node: Graph.Call, _ epilogue: Fusion.Epilogue
    ) throws(EngineError) -> (descriptor: PrimitiveDescriptor, buffer: Int)? {
        guard let addition = epilogue.addition, !hasReaders([addition.value]) else { return nil }
        let postOps = PostOps(accumulates: true, activation: epilogue.activation?.function)
        let descriptor = try? item.firstOf { algorithm throws(EngineError) in
            try convolutionForward(item, bias: biasType(node), algorithm, postOps)
        }
        guard let descriptor else { return nil }
        let source = try buffer(for: node.inputs[0], as: try inGraphOrder(descriptor.source))
        let accumulator = try memoryToAddTo(
            addition.value, as: try inGraphOrder(descriptor.destination), besides: source)
        return accumulator.map { (descriptor, $0) }
    }

    /// The memory of a value that nobody reads later, where a result may be added to it.
    mutating func memoryToAddTo(
        _ addition: Graph.Value, as layout: MemoryDescriptor, besides source: Int
    ) throws(EngineError) -> Int? {
        let buffer = try buffer(for: addition, as: layout)
        return isFree(buffer) && source != buffer ? buffer : nil
    }

    /// A kernel in a layout in oneDNN's order of axes; one that a graph's value cannot be told in is made
    /// for this primitive alone.
    private mutating func weightsBuffer(
        _ kernel: Graph.Value, as layout: MemoryDescriptor, _ axes: KernelAxes
    ) throws(EngineError) -> Int {
        guard layout.isOpaque else {
            return try buffer(for: kernel, as: try layout.permuted(inverse(axes.order)))
        }
        let plain = try MemoryDescriptor.plain(axes.dims, graph[kernel].dtype)
        let result = newBuffer(layout.byteCount)
        try reorder(
            Placement(layout: try plain.permuted(axes.order), buffer: try plainBuffer(kernel)),
            to: Placement(layout: layout, buffer: result))
        return result
    }

    mutating func lowerConvolutionBackwardData(
        _ backward: ConvolutionBackwardData, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let (gradient, kernel) = (node.inputs[0], node.inputs[1])
        let image = graph.shape(result)
        let convolution = backward.convolution
        let dtype = graph[gradient].dtype
        let item = ConvolutionProblem(
            convolution: convolution, image: image, kernel: graph.shape(kernel),
            output: graph.shape(gradient), dtype: dtype)
        if interleaves(item) { return try lowerBatchBlockedBackwardData(item, node, result) }
        if item.multipliesTiles { return try lowerStridedWinogradBackwardData(item, node, result) }
        let axes = KernelAxes(graph.shape(kernel), groups: convolution.groups)
        let tensors = [
            try anyImage(image, dtype), try axes.any(dtype),
            try anyImage(graph.shape(gradient), dtype),
        ]
        var window = convolution.window.raw(over: image)
        let descriptor = try item.firstOf { algorithm throws(EngineError) in
            let hint = try convolutionForward(item, bias: nil, algorithm)
            return try PrimitiveDescriptor.make("gradient of a convolution's image", tensors) {
                strata_convolution_backward_data(
                    $0, $1, $2, algorithm, hint.raw, $3[0], $3[1], $3[2], &window)
            }
        }
        if item.sumsPatches(insteadOf: descriptor) {
            return try lowerIm2colBackwardData(backward, node, result)
        }
        let (wanted, kernelLayout) = (descriptor.diffDestination, descriptor.weights)
        let reads = [
            (
                Argument.diffDestination, wanted,
                try buffer(for: gradient, as: try inGraphOrder(wanted))
            ),
            (
                Argument.weights, kernelLayout,
                try buffer(for: kernel, as: try kernelLayout.permuted(inverse(axes.order)))
            ),
        ]
        let made = descriptor.diffSource
        let buffer = define(result, try inGraphOrder(made))
        append(
            "convolutionBackwardData", descriptor, reads: reads,
            writes: [(Argument.diffSource, made, buffer)])
    }

    /// The primitive for a kernel's gradient, in any layout or with channels last.
    ///
    /// Where channels do not fill vectors, oneDNN 2.6 likes blocks that its kernels for half as long vectors
    /// take, though with channels last it has one for AVX-512: 0.24 ms instead of 0.63 ms for 6 -> 16
    /// channels, 5 x 5, batch 128.
    private func kernelGradient(_ item: ConvolutionProblem, bias: MemoryDescriptor?)
        throws(EngineError) -> PrimitiveDescriptor
    {
        let chosen = try item.firstOf { algorithm throws(EngineError) in
            try kernelGradient(
                item, bias, algorithm, try anyImage(item.image, item.dtype),
                try anyImage(item.output, item.dtype))
        }
        // Its kernels for AMX turn both sources around on the way, to fill tiles of 32 channels: for one
        // channel and 13 x 13 places of 32 filters, batch 128, they take 0.8 ms, and those of float32,
        // with the conversions, 0.2 ms. On long rows, of 32 places, both take the same.
        if item.dtype == .bfloat16, chosen.usesAMX, item.image.count == 4,
            item.kernel[2] <= 3, item.output[2] <= 16
        {
            var wide = item
            wide.dtype = .float32
            return try kernelGradient(wide, bias: bias)
        }
        if !chosen.implementation.contains("avx2") { return chosen }
        let last = try? kernelGradient(
            item, bias, dnnl_convolution_direct,
            try .plain(item.image, item.dtype).permuted(imageOrder(item.image.count)),
            try .plain(item.output, item.dtype).permuted(imageOrder(item.output.count)))
        guard let last, last.implementation.contains("avx512") else { return chosen }
        return last
    }

    private func kernelGradient(
        _ item: ConvolutionProblem, _ bias: MemoryDescriptor?, _ algorithm: dnnl_alg_kind_t,
        _ source: MemoryDescriptor, _ destination: MemoryDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        let hint = try convolutionForward(
            item, bias: bias == nil ? nil : .float32, algorithm,
            layouts: (source, destination))
        let axes = KernelAxes(item.kernel, groups: item.convolution.groups)
        var window = item.convolution.window.raw(over: item.image)
        return try PrimitiveDescriptor.make(
            "gradient of a convolution's kernel",
            [source, try axes.any(.float32), bias, destination]
        ) {
            strata_convolution_backward_weights(
                $0, $1, $2, algorithm, hint.raw, $3[0], $3[1], $3[2], $3[3], &window)
        }
    }

    mutating func lowerConvolutionBackwardWeights(
        _ backward: ConvolutionBackwardWeights, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        let (image, gradient) = (node.inputs[0], node.inputs[1])
        let kernel = backward.kernelShape.known ?? []
        let convolution = backward.convolution
        let dtype = graph[gradient].dtype
        let item = ConvolutionProblem(
            convolution: convolution, image: graph.shape(image), kernel: kernel,
            output: graph.shape(gradient), dtype: dtype)
        if interleaves(item) {
            return try lowerBatchBlockedBackwardWeights(
                item, node, number, hasBias: backward.hasBias)
        }
        if item.multipliesTiles {
            return try lowerStridedWinogradBackwardWeights(
                item, node, number, hasBias: backward.hasBias)
        }
        let axes = KernelAxes(kernel, groups: convolution.groups)
        let bias =
            backward.hasBias
            ? try MemoryDescriptor.plain([kernel[kernel.count - 1]], .float32) : nil
        let descriptor = try kernelGradient(item, bias: bias)
        if item.multipliesPatchesForKernel(insteadOf: descriptor) {
            return try lowerIm2colBackwardWeights(backward, node, number)
        }
        let parts = try parts(of: descriptor) { source, gradient throws(EngineError) in
            var part = item
            part.image[0] = source.dims[0]
            part.output[0] = source.dims[0]
            if source.isFloat32 { part.dtype = .float32 }
            return try kernelGradient(part, bias, dnnl_convolution_direct, source, gradient)
        }
        try appendWeightsGradient(
            "convolutionBackwardWeights", descriptor, parts, node, number, axes, bias: bias)
    }
}
