internal import CKernels
internal import StrataGraph

extension PlanBuilder {
    /// Lowers nodes of one shape to one fused kernel.
    ///
    /// The layout is that of the variable to be updated, else that of the first operand that is not row-major. It is
    /// row-major where the padding of a layout would not stay 0, or an operand would be broadcast over it. Random
    /// numbers follow from the row-major index in any layout: a dropout and its gradient may have different ones.
    mutating func lowerElementwise(
        _ nodes: [Int], updates: [Graph.Value: [Graph.Update]] = [:]
    ) throws(EngineError) {
        let shape = graph.shape(Graph.Value(node: nodes[0], output: 0))
        var assembly = ElementwiseAssembly(graph: graph, nodes: nodes, shape: shape)
        if assembly.mostSlots > Int(STRATA_MAX_SLOTS), nodes.count > 1 {
            // In the order of the graph, so that the first half needs nothing of the second.
            let half = nodes.count / 2
            try lowerElementwise(Array(nodes[..<half]), updates: updates)
            return try lowerElementwise(Array(nodes[half...]), updates: updates)
        }
        if assembly.operands.contains(where: { assembly.isRepeated($0) }) { try checkAxes(shape) }
        let targets = nodes.flatMap { updates[Graph.Value(node: $0, output: 0)] ?? [] }
        let layout = try layout(of: assembly, shape, targets)
        let plain = try MemoryDescriptor.plain(shape, .float32)
        let float = layout ?? plain
        let count =
            try layout.map { layout throws(EngineError) in try layout.with(.float32).byteCount / 4 }
            ?? shape.reduce(1, *)
        for value in assembly.operands {
            try addOperand(value, to: &assembly, layout: layout)
        }
        assembly.assemble()
        for value in assembly.results {
            let own = try float.with(graph[value].dtype)
            var target: Int?
            for update in updates[value] ?? [] where target == nil {
                target = try bufferToUpdate(for: update, nodes, own)
                if target != nil { finished.insert(update.variable) }
            }
            let buffer = target ?? newBuffer(own.byteCount)
            place(value, Placement(layout: own, buffer: buffer))
            assembly.addResult(value, buffer: buffer)
        }
        let kernel = FusedElementwise(
            count: count, slots: assembly.slots,
            instructions: assembly.instructions,
            loops: assembly.isRandom ? layout?.loops ?? [] : [])
        guard kernel.slots.count <= Int(STRATA_MAX_SLOTS) else {
            throw EngineError("\(kernel.slots.count) operands are too many for one fused kernel")
        }
        append(
            assembly.name, note: "\(count) elements, \(float)",
            flops: graph.flops(of: nodes), kernel)
        lowered.formUnion(nodes)
    }

    /// The layout of operands and results that have the result's shape; `nil` for row-major.
    private mutating func layout(
        of assembly: ElementwiseAssembly, _ shape: [Int], _ targets: [Graph.Update]
    ) throws(EngineError) -> MemoryDescriptor? {
        let resident = targets.compactMap { residentLayout(of: $0.variable) }
        let full = assembly.operands.filter { assembly.isFull($0) }
        let plain = try MemoryDescriptor.plain(shape, .float32)
        let candidates = try (resident + full.compactMap { layout(of: $0) }).map {
            layout throws(EngineError) in try layout.with(.float32)
        }
        guard let chosen = candidates.first(where: { !$0.isSame(as: plain) }) else { return nil }
        let isRepeated = assembly.operands.contains { assembly.isRepeated($0) }
        if chosen.isPadded, isRepeated || !assembly.keepsZeros { return nil }
        if assembly.isRandom || isRepeated {
            guard let loops = chosen.loops, loops.count <= Int(STRATA_MAX_AXES) else { return nil }
        }
        return chosen
    }

    private mutating func addOperand(
        _ value: Graph.Value, to assembly: inout ElementwiseAssembly, layout: MemoryDescriptor?
    ) throws(EngineError) {
        let dtype = graph[value].dtype
        if case .constant(let tensor) = graph.nodes[value.node].operation, tensor.count == 1 {
            let number =
                dtype == .int32
                ? Float(bitPattern: UInt32(bitPattern: Int32(tensor.integers[0])))
                : tensor.scalars[0]
            assembly.addOperand(value, .immediate(number), dtype)
        } else if assembly.isFull(value) {
            let plain = try MemoryDescriptor.plain(graph.shape(value), dtype)
            let buffer = try buffer(for: value, as: try layout?.with(dtype) ?? plain)
            assembly.addOperand(value, .full(buffer: buffer), dtype)
        } else if graph.shape(value).reduce(1, *) == 1 {
            assembly.addOperand(value, .scalar(buffer: try plainBuffer(value)), dtype)
        } else {
            let buffer = try plainBuffer(value)
            let loops = assembly.loops(over: value, layout?.loops)
            assembly.addOperand(value, .broadcast(buffer: buffer, loops: loops), dtype)
        }
    }

    /// The variable's memory, if no later step reads the old value.
    private mutating func bufferToUpdate(
        for update: Graph.Update, _ nodes: [Int], _ layout: MemoryDescriptor
    ) throws(EngineError) -> Int? {
        let views = views(of: update.variable)
        let kept = graph.outputs + graph.updates.map(\.value)
        let isKept = kept.contains { views.contains($0.node) }
        let isReadLater = graph.nodes.indices.contains { node in
            !views.contains(node) && !lowered.contains(node) && !nodes.contains(node)
                && graph.nodes[node].inputs.contains { views.contains($0.node) }
        }
        guard !isKept, !isReadLater else { return nil }
        let resident = try placement(of: update.variable, as: layout)
        return resident.layout.isSame(as: layout) ? resident.buffer : nil
    }

    /// The nodes whose values may be read from the variable's memory later: the variable, its reshapes, and
    /// conversions where they are read.
    private func views(of variable: Variable) -> Set<Int> {
        var views: Set<Int> = []
        for (number, node) in graph.nodes.enumerated() {
            let isView =
                if case .variable(variable) = node.operation {
                    true
                } else if case .reshape = node.operation {
                    views.contains(node.inputs[0].node)
                } else if case .cast = node.operation {
                    graph.isWeightsCast(number) && views.contains(node.inputs[0].node)
                } else {
                    false
                }
            if isView { views.insert(number) }
        }
        return views
    }

    /// Copies the new values of variables that no step has updated in place.
    mutating func finishUpdates() throws(EngineError) {
        let late = graph.updates.filter { !finished.contains($0.variable) }
        let residents = try late.map { update throws(EngineError) in
            try placement(of: update.variable, as: try placement(update.value).layout)
        }
        let written = Set(residents.map(\.buffer))
        for value in graph.outputs + late.map(\.value) {
            if written.contains(try placement(value).buffer) { try copyAway(value) }
        }
        for (update, resident) in zip(late, residents) {
            let buffer = try buffer(for: update.value, as: resident.layout)
            try reorder(Placement(layout: resident.layout, buffer: buffer), to: resident)
        }
    }
}
