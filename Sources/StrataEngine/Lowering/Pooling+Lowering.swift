internal import StrataGraph

extension PlanBuilder {
    /// A layout of the value in which axes are not split and images not batch-blocked.
    mutating func imagePlacement(_ value: Graph.Value) throws(EngineError) -> Placement {
        let placement = try placement(value)
        if placement.layout.dims == graph.shape(value), !placement.layout.isBatchBlocked {
            return placement
        }
        let plain = try MemoryDescriptor.plain(graph.shape(value), graph[value].dtype)
        return Placement(layout: plain, buffer: try plainBuffer(value))
    }

    private func poolingForward(
        _ pooling: Pooling, source: MemoryDescriptor, image: [Int], output: [Int], dtype: DType
    ) throws(EngineError) -> PrimitiveDescriptor {
        try .pooling(
            pooling.kind, isTraining: isTraining, "pooling of \(image)",
            [source, try anyImage(output, dtype)],
            .init(pooling.window(over: image), over: image))
    }

    mutating func lowerPooling(
        _ pooling: Pooling, _ node: Graph.Call, _ result: Graph.Value,
        _ scaling: FusedOperations.Scaling?
    ) throws(EngineError) {
        let image = graph.shape(node.inputs[0])
        if let scaling {
            if try lowerScaledPooling(pooling, result, scaling) { return }
            try lowerElementwise(scaling.nodes)
        }
        if let own = try batchBlockedPooling(pooling, node, result) {
            return append(own, from: try placement(node.inputs[0]).buffer, to: result)
        }
        var source = try imagePlacement(node.inputs[0])
        if pooling.kind == .maximum, source.layout.channelBlock == nil {
            source = Placement(
                layout: try .plain(image, graph[result].dtype),
                buffer: try plainBuffer(node.inputs[0]))
        }
        let layout = try source.layout.permuted(imageOrder(image.count))
        let descriptor = try poolingForward(
            pooling, source: layout, image: image, output: graph.shape(result),
            dtype: graph[result].dtype)
        if let own = try ownPooling(pooling, descriptor, graph[result].dtype) {
            return append(own, from: source.buffer, to: result)
        }
        forwardPass.primitives[result] = descriptor
        let destination = descriptor.destination
        let buffer = define(result, try inGraphOrder(destination))
        let workspaceByteCount = descriptor.workspace.byteCount
        var writes = [(Argument.destination, destination, buffer)]
        if isTraining, pooling.kind == .maximum, workspaceByteCount > 0 {
            let workspace = newBuffer(workspaceByteCount)
            forwardPass.workspaces[result] = workspace
            writes.append((Argument.workspace, descriptor.workspace, workspace))
        }
        append(
            "\(pooling.kind.rawValue)Pooling", descriptor,
            reads: [(Argument.source, layout, source.buffer)], writes: writes)
    }

    /// Whether our own kernel scales the image that it pools.
    private mutating func lowerScaledPooling(
        _ pooling: Pooling, _ result: Graph.Value, _ scaling: FusedOperations.Scaling
    ) throws(EngineError) -> Bool {
        let image = graph.shape(scaling.image)
        let source = try placement(scaling.image)
        guard source.layout.dims == image, !source.layout.isBatchBlocked, !source.layout.isPadded
        else { return false }
        let descriptor = try poolingForward(
            pooling, source: try source.layout.permuted(imageOrder(image.count)), image: image,
            output: graph.shape(result), dtype: .float32)
        guard let own = try ownPooling(pooling, descriptor, .float32) else { return false }
        let scale = try plainBuffer(scaling.scale)
        let shift = try plainBuffer(scaling.shift)
        append(own, from: source.buffer, scaledBy: (scale, shift), to: result)
        return true
    }

    private mutating func append(
        _ own: ImagePooling, from source: Int, scaledBy scaling: (scale: Int, shift: Int)? = nil,
        to result: Graph.Value
    ) {
        forwardPass.poolings[result] = own
        let pooled = define(result, own.layouts.pooled)
        if isTraining, own.kind == .maximum {
            forwardPass.workspaces[result] = newBuffer(own.indicesByteCount)
        }
        // The gradient needs the index of a maximum in its whole window.
        let steps = isTraining ? [own] : own.separated
        var (image, scaling) = (source, scaling)
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1
            let made = isLast ? pooled : newBuffer(step.resultByteCount)
            append(
                (scaling == nil ? "" : "multiply+add+") + "\(own.kind.rawValue)Pooling",
                flops: isLast ? flops : 0,
                PoolingKernel(
                    pooling: step, image: image, scale: scaling?.scale, shift: scaling?.shift,
                    pooled: made, argmaxIndices: forwardPass.workspaces[result]))
            (image, scaling) = (made, nil)
        }
    }

    /// The pooling of a batch-blocked value in its layout, if possible.
    private func batchBlockedPooling(
        _ pooling: Pooling, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) -> ImagePooling? {
        guard let image = layout(of: node.inputs[0]), image.isBatchBlocked else { return nil }
        let dtype = graph[result].dtype
        return ImagePooling(
            pooling, image: image, pooled: try .batchBlocked(graph.shape(result), dtype),
            dtype: dtype)
    }

    /// The pooling between a primitive's layouts by our own kernel, where that is faster.
    private func ownPooling(
        _ pooling: Pooling, _ descriptor: PrimitiveDescriptor, _ dtype: DType
    ) throws(EngineError) -> ImagePooling? {
        ImagePooling(
            pooling, image: try inGraphOrder(descriptor.source),
            pooled: try inGraphOrder(descriptor.destination), dtype: dtype)
    }

    mutating func lowerPoolingBackward(
        _ backward: PoolingBackward, _ node: Graph.Call, _ result: Graph.Value,
        _ fused: FusedOperations
    ) throws(EngineError) {
        let pooling = backward.pooling
        let image = graph.shape(result)
        let dtype = graph[result].dtype
        let gradient = node.inputs[0]
        var workspace: Int?
        if pooling.kind == .maximum {
            workspace = forwardPass.workspaces[node.inputs[2]]
            if workspace == nil {
                throw EngineError("max pooling left no workspace for its gradient")
            }
        }
        var name = "\(pooling.kind.rawValue)PoolingBackward"
        var own = forwardPass(pooling, node, image, in: forwardPass.poolings)
        if own == nil {
            own = try ownPooling(pooling, try poolingHint(pooling, node, image, dtype), dtype)
        }
        if var own {
            let pooledGradient = try buffer(for: gradient, as: own.layouts.pooled)
            var activated: Int?
            if let derivative = fused.derivative {
                own.derivative = derivative.function
                activated = try buffer(for: derivative.result, as: own.layouts.image)
                name += "+\(derivative.function.rawValue)Backward"
            }
            append(
                name, flops: flops,
                PoolingBackwardKernel(
                    pooling: own, pooledGradient: pooledGradient, argmaxIndices: workspace,
                    activated: activated,
                    imageGradient: define(fused.result ?? result, own.layouts.image)))
            return
        }
        let hint = try poolingHint(pooling, node, image, dtype)
        let wanted = hint.destination
        let pooled = try buffer(for: gradient, as: try inGraphOrder(wanted))
        let descriptor = try PrimitiveDescriptor.poolingGradient(
            pooling.kind, [try anyImage(image, dtype), wanted],
            .init(pooling.window(over: image), over: image), hint: hint)
        var reads = [(Argument.diffDestination, wanted, pooled)]
        if let workspace {
            reads.append((Argument.workspace, descriptor.workspace, workspace))
        }
        let made = descriptor.diffSource
        append(
            name, descriptor, reads: reads,
            writes: [(Argument.diffSource, made, define(result, try inGraphOrder(made)))])
        if !fused.nodes.isEmpty { try lowerElementwise(fused.nodes) }
    }

    /// What was made in the forward pass of a pooling's gradient; of averages in the first over such images.
    private func forwardPass<Made>(
        _ pooling: Pooling, _ node: Graph.Call, _ image: [Int], in made: [Graph.Value: Made]
    ) -> Made? {
        if pooling.kind == .maximum { return made[node.inputs[2]] }
        let like = made.keys.filter { value in
            graph.nodes[value.node].operation == .pooling(pooling)
                && graph.shape(graph.nodes[value.node].inputs[0]) == image
        }
        return like.min { $0.node < $1.node }.flatMap { made[$0] }
    }

    private func poolingHint(
        _ pooling: Pooling, _ node: Graph.Call, _ image: [Int], _ dtype: DType
    ) throws(EngineError) -> PrimitiveDescriptor {
        if let made = forwardPass(pooling, node, image, in: forwardPass.primitives) { return made }
        let plain = try MemoryDescriptor.plain(image, dtype)
        return try poolingForward(
            pooling, source: try plain.permuted(imageOrder(image.count)), image: image,
            output: graph.shape(node.inputs[0]), dtype: dtype)
    }
}
