internal import StrataGraph

/// Convolutions by oneDNN's direct and Winograd kernels.
extension ConvolutionProblem {
    /// The window in oneDNN's form.
    var window: PrimitiveDescriptor.Sliding {
        .init(convolution.window, over: image)
    }

    /// The primitive by Winograd's algorithm where that is faster and oneDNN has it, else the direct one.
    func fastest(
        _ make: (OneDNNConvolution) throws(EngineError) -> PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        if winograd.suits, let result = try? make(.winograd) { return result }
        return try make(.direct)
    }
}

extension PlanBuilder {
    /// The forward primitive, also where only its gradients are wanted: they are chosen to match it.
    func convolutionForward(
        _ problem: ConvolutionProblem, bias biasType: DType?, _ algorithm: OneDNNConvolution,
        _ postOps: PostOps = PostOps(),
        layouts: (source: MemoryDescriptor, destination: MemoryDescriptor)? = nil,
        prefersBlocks: Bool = false
    ) throws(EngineError) -> PrimitiveDescriptor {
        let (image, kernel, output) = (problem.image, problem.kernel, problem.output)
        let wanted =
            if let layouts { layouts } else {
                (
                    source: try anyImage(image, problem.dtype),
                    destination: try anyImage(output, problem.dtype)
                )
            }
        let filters = output[output.count - 1]
        let tensors = [
            wanted.source,
            try KernelAxes(kernel, groups: problem.convolution.groups).any(problem.dtype),
            try biasType.map { type throws(EngineError) in try .plain([filters], type) },
            wanted.destination,
        ]
        // For inference oneDNN 2.6 chooses channels last, which is faster for a few images.
        let keepsBlocks =
            isTraining || prefersBlocks
            || (algorithm == .direct
                && output[0] >= ConvolutionThresholds.blockedPredictionBatch)
        return try .convolution(
            algorithm, keepsBlocks: keepsBlocks, "convolution of \(image) with \(kernel)", tensors,
            problem.window, postOps)
    }

    /// Whether a convolution by Winograd's algorithm reads the value, or what is computed from each element.
    private func isReadInBlocks(_ value: Graph.Value) -> Bool {
        graph.nodes.indices.contains { number in
            let node = graph.nodes[number]
            guard node.inputs.contains(value) else { return false }
            if case .convolution(let convolution) = node.operation {
                var problem = forwardProblem(convolution, number)
                problem.dtype = graph[value].dtype
                problem.image = graph.shape(value)
                return problem.winograd.suits
            }
            let result = Graph.Value(node: number, output: 0)
            return node.operation.role == .elementwise
                && graph.shape(result) == graph.shape(value) && isReadInBlocks(result)
        }
    }

    /// The primitive of a convolution, with its activation and without its addition.
    func oneDNNConvolution(
        _ problem: ConvolutionProblem, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) -> PrimitiveDescriptor {
        // From few channels oneDNN writes blocks as fast as channels last.
        let prefersBlocks =
            !isTraining && problem.convolution.groups == 1 && problem.channels <= 3
            && isReadInBlocks(fused.result ?? output)
        return try problem.fastest { algorithm throws(EngineError) in
            try convolutionForward(
                problem, bias: biasType(node), algorithm, PostOps(activation: problem.activation),
                prefersBlocks: prefersBlocks)
        }
    }

    /// - Parameter primitive: that of ``oneDNNConvolution(_:_:_:_:)``, if the choice has needed it.
    mutating func lowerOneDNNConvolution(
        _ choice: ConvolutionChoice, _ node: Graph.Call, _ output: Graph.Value,
        _ fused: FusedOperations, _ primitive: PrimitiveDescriptor?
    ) throws(EngineError) {
        let problem = choice.problem
        let kernel = node.inputs[1]
        let accumulated = try accumulated(problem, node, fused)
        var descriptor: PrimitiveDescriptor
        if let accumulated {
            descriptor = accumulated.descriptor
        } else if let primitive {
            descriptor = primitive
        } else {
            descriptor = try oneDNNConvolution(problem, node, output, fused)
        }
        if fused.addition != nil, accumulated == nil {
            guard let adding = adding(descriptor, problem, node) else {
                try lowerConvolution(problem.convolution, node, output, FusedOperations())
                return try lowerElementwise(fused.nodes)
            }
            descriptor = adding
        }
        let axes = KernelAxes(problem.kernel, groups: problem.convolution.groups)
        let source = descriptor.source
        let weights = descriptor.weights
        var reads = [
            (
                Argument.source, source,
                try buffer(for: node.inputs[0], as: try inGraphOrder(source))
            ),
            (Argument.weights, weights, try weightsBuffer(kernel, as: weights, axes)),
        ]
        if node.inputs.count == 3 {
            let bias = try MemoryDescriptor.plain(
                graph.shape(node.inputs[2]), graph[node.inputs[2]].dtype)
            reads.append((Argument.bias, bias, try plainBuffer(node.inputs[2])))
        }
        let destination = descriptor.destination
        if let addition = fused.addition, accumulated == nil {
            let other = try buffer(for: addition.value, as: try inGraphOrder(destination))
            reads.append((Argument.addition, destination, other))
        }
        let name = problem.activation.appended(
            to: fused.addition == nil ? "convolution" : "convolution+add")
        let layout = try inGraphOrder(destination)
        let buffer = accumulated?.buffer ?? newBuffer(layout.byteCount)
        place(fused.result ?? output, Placement(layout: layout, buffer: buffer))
        append(
            name, descriptor, accumulator: accumulated?.buffer, choice: choice,
            reads: reads, writes: [(Argument.destination, destination, buffer)])
    }

    /// The primitive that adds another tensor to its result, if there is a fast and right one.
    ///
    /// Asked for any layout with an addition, oneDNN 2.6 comes with its slowest implementation.
    private func adding(
        _ descriptor: PrimitiveDescriptor, _ problem: ConvolutionProblem, _ node: Graph.Call
    ) -> PrimitiveDescriptor? {
        let postOps = PostOps(addition: descriptor.destination, activation: problem.activation)
        let adding = try? convolutionForward(
            problem, bias: biasType(node), .direct, postOps,
            layouts: (descriptor.source, descriptor.destination))
        guard let adding, adding.implementation.addsTensors,
            !descriptor.implementation.isWinograd
        else { return nil }
        return adding
    }

    /// A convolution that adds its result to the memory of the other summand, if no later step reads that.
    ///
    /// oneDNN 2.6 has this post-op in its implementations by small matrix products, which are faster for a few
    /// images, and reads one tensor less; the other summand as an operand it has in others only.
    private mutating func accumulated(
        _ problem: ConvolutionProblem, _ node: Graph.Call, _ fused: FusedOperations
    ) throws(EngineError) -> (descriptor: PrimitiveDescriptor, buffer: Int)? {
        guard let addition = fused.addition, !hasReaders([addition.value]) else { return nil }
        let postOps = PostOps(accumulates: true, activation: fused.activation?.function)
        let descriptor = try? problem.fastest { algorithm throws(EngineError) in
            try convolutionForward(problem, bias: biasType(node), algorithm, postOps)
        }
        guard let descriptor else { return nil }
        let source = try buffer(for: node.inputs[0], as: try inGraphOrder(descriptor.source))
        let accumulator = try memoryToAddTo(
            addition.value, as: try inGraphOrder(descriptor.destination), besides: source)
        return accumulator.map { (descriptor, $0) }
    }

    /// The memory of a value that no later step reads, where a result may be added to it.
    mutating func memoryToAddTo(
        _ addition: Graph.Value, as layout: MemoryDescriptor, besides source: Int
    ) throws(EngineError) -> Int? {
        let buffer = try buffer(for: addition, as: layout)
        return isFree(buffer) && source != buffer ? buffer : nil
    }

    /// A kernel in a layout in oneDNN's order of axes.
    ///
    /// An opaque layout is made for this primitive alone.
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
}
