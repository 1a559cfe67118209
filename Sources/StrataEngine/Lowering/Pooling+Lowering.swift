internal import COneDNN
internal import StrataGraph

extension PlanBuilder {
    /// A layout of the value in which axes are not split.
    mutating func imagePlacement(_ value: Graph.Value) throws(EngineError) -> Placement {
        let there = try placement(value)
        if there.layout.dims == graph.shape(value) { return there }
        let plain = try MemoryDescriptor.plain(graph.shape(value), graph[value].dtype)
        return Placement(layout: plain, buffer: try plainBuffer(value))
    }

    private func poolingForward(
        _ pooling: Pooling, source: MemoryDescriptor, image: [Int], output: [Int], dtype: DType
    ) throws(EngineError) -> PrimitiveDescriptor {
        var window = pooling.window(over: image).raw(over: image)
        let isTraining = isTraining
        return try PrimitiveDescriptor.make(
            "pooling of \(image)", [source, try anyImage(output, dtype)]
        ) {
            strata_pooling_forward(
                $0, $1, $2, isTraining ? 1 : 0, pooling.kind.oneDNN, $3[0], $3[1], &window)
        }
    }

    mutating func lowerPooling(_ pooling: Pooling, _ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        let image = graph.shape(node.inputs[0])
        let source = try imagePlacement(node.inputs[0])
        let layout = try source.layout.permuted(imageOrder(image.count))
        let descriptor = try poolingForward(
            pooling, source: layout, image: image, output: graph.shape(result),
            dtype: graph[result].dtype)
        forward[result] = descriptor
        let destination = descriptor.destination
        let buffer = define(result, try inGraphOrder(destination))
        let own = try ownPooling(pooling, descriptor, graph[result].dtype)
        let workspaceByteCount = own?.count ?? descriptor.workspace.byteCount
        if isTraining, pooling.kind == .maximum, workspaceByteCount > 0 {
            workspaces[result] = newBuffer(workspaceByteCount)
        }
        let name = "\(pooling.kind.rawValue)Pooling"
        if let own {
            append(
                Plan.Step(
                    name: name, kind: .pooling(own), reads: [source.buffer],
                    writes: [buffer] + [workspaces[result]].compactMap(\.self)))
            return
        }
        var writes = [(Argument.destination, destination, buffer)]
        if let workspace = workspaces[result] {
            writes.append((Argument.workspace, descriptor.workspace, workspace))
        }
        append(
            name, descriptor, reads: [(Argument.source, layout, source.buffer)], writes: writes)
    }

    /// The pooling between a primitive's layouts as a loop of our own, where that is faster.
    private func ownPooling(
        _ pooling: Pooling, _ descriptor: PrimitiveDescriptor, _ dtype: DType
    ) throws(EngineError) -> ImagePooling? {
        ImagePooling(
            pooling, image: try inGraphOrder(descriptor.source),
            pooled: try inGraphOrder(descriptor.destination), dtype: dtype)
    }

    mutating func lowerPoolingBackward(
        _ backward: PoolingBackward, _ node: Graph.Call, _ result: Graph.Value,
        _ epilogue: Fusion.Epilogue
    ) throws(EngineError) {
        let pooling = backward.pooling
        let image = graph.shape(result)
        let dtype = graph[result].dtype
        let gradient = node.inputs[0]
        let hint = try poolingHint(pooling, node, image, dtype)
        let wanted = hint.destination
        let pooled = try buffer(for: gradient, as: try inGraphOrder(wanted))
        var workspace: Int?
        if pooling.kind == .maximum {
            workspace = workspaces[node.inputs[2]]
            if workspace == nil {
                throw EngineError("max pooling left no workspace for its gradient")
            }
        }
        var name = "\(pooling.kind.rawValue)PoolingBackward"
        if var own = try ownPooling(pooling, hint, dtype) {
            let layout = try inGraphOrder(hint.source)
            var reads = [pooled] + [workspace].compactMap(\.self)
            if let derivative = epilogue.derivative {
                own.derivative = derivative.function
                reads.append(try buffer(for: derivative.result, as: layout))
                name += "+\(derivative.function.rawValue)Backward"
            }
            append(
                Plan.Step(
                    name: name, kind: .poolingBackward(own), reads: reads,
                    writes: [define(epilogue.result ?? result, layout)]))
            return
        }
        var window = pooling.window(over: image).raw(over: image)
        let descriptor = try PrimitiveDescriptor.make(
            "gradient of a pooling", [try anyImage(image, dtype), wanted]
        ) {
            strata_pooling_backward(
                $0, $1, $2, hint.raw, pooling.kind.oneDNN, $3[0], $3[1], &window)
        }
        var reads = [(Argument.diffDestination, wanted, pooled)]
        if let workspace {
            reads.append((Argument.workspace, descriptor.workspace, workspace))
        }
        let made = descriptor.diffSource
        append(
            name, descriptor, reads: reads,
            writes: [(Argument.diffSource, made, define(result, try inGraphOrder(made)))])
        if !epilogue.nodes.isEmpty { try lowerProgram(epilogue.nodes) }
    }

    /// The forward pass of a pooling's gradient; of averages any over such images.
    private func poolingHint(
        _ pooling: Pooling, _ node: Graph.Call, _ image: [Int], _ dtype: DType
    ) throws(EngineError) -> PrimitiveDescriptor {
        if pooling.kind == .maximum, let made = forward[node.inputs[2]] { return made }
        let like = forward.first { value, _ in
            graph.nodes[value.node].operation == .pooling(pooling)
                && graph.shape(graph.nodes[value.node].inputs[0]) == image
        }
        if let like { return like.value }
        let plain = try MemoryDescriptor.plain(image, dtype)
        return try poolingForward(
            pooling, source: try plain.permuted(imageOrder(image.count)), image: image,
            output: graph.shape(node.inputs[0]), dtype: dtype)
    }
}

extension Pooling.Kind {
    fileprivate var oneDNN: dnnl_alg_kind_t {
        switch self {
        case .maximum: dnnl_pooling_max
        case .average: dnnl_pooling_avg_exclude_padding
        }
    }
}
