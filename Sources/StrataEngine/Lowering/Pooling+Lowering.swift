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
        let destination = descriptor.destination
        let buffer = define(result, try inGraphOrder(destination))
        var writes = [(Argument.destination, destination, buffer)]
        let workspace = descriptor.workspace
        if isTraining, pooling.kind == .maximum, workspace.byteCount > 0 {
            let memory = newBuffer(workspace.byteCount)
            workspaces[result] = memory
            writes.append((Argument.workspace, workspace, memory))
        }
        forward[result] = descriptor
        append(
            "\(pooling.kind.rawValue)Pooling", descriptor,
            reads: [(Argument.source, layout, source.buffer)], writes: writes)
    }

    mutating func lowerPoolingBackward(
        _ backward: PoolingBackward, _ node: Graph.Call, _ result: Graph.Value
    ) throws(EngineError) {
        let pooling = backward.pooling
        let image = graph.shape(result)
        let gradient = node.inputs[0]
        let hint: PrimitiveDescriptor
        if pooling.kind == .maximum, let made = forward[node.inputs[2]] {
            hint = made
        } else {
            let like = forward.first { value, _ in
                graph.nodes[value.node].operation == .pooling(pooling)
                    && graph.shape(graph.nodes[value.node].inputs[0]) == image
            }
            let plain = try MemoryDescriptor.plain(image, graph[result].dtype)
            let source = try plain.permuted(imageOrder(image.count))
            if let like {
                hint = like.value
            } else {
                hint = try poolingForward(
                    pooling, source: source, image: image, output: graph.shape(gradient),
                    dtype: graph[result].dtype)
            }
        }
        let wanted = hint.destination
        var window = pooling.window(over: image).raw(over: image)
        let descriptor = try PrimitiveDescriptor.make(
            "gradient of a pooling", [try anyImage(image, graph[result].dtype), wanted]
        ) {
            strata_pooling_backward(
                $0, $1, $2, hint.raw, pooling.kind.oneDNN, $3[0], $3[1], &window)
        }
        var reads = [
            (
                Argument.diffDestination, wanted,
                try buffer(for: gradient, as: try inGraphOrder(wanted))
            )
        ]
        if pooling.kind == .maximum {
            guard let workspace = workspaces[node.inputs[2]] else {
                throw EngineError("max pooling left no workspace for its gradient")
            }
            reads.append((Argument.workspace, descriptor.workspace, workspace))
        }
        let made = descriptor.diffSource
        let buffer = define(result, try inGraphOrder(made))
        append(
            "\(pooling.kind.rawValue)PoolingBackward", descriptor, reads: reads,
            writes: [(Argument.diffSource, made, buffer)])
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
