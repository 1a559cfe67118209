internal import StrataGraph

/// A plan in the making: what the lowerings of operations append their steps to.
///
/// ``buffer(for:as:)`` is the only function that inserts a reorder.
struct PlanBuilder {
    let graph: Graph
    let isTraining: Bool
    private var sequence = StepSequence()
    private var values = ValuePlacements()
    private var variables: VariableLayouts
    /// What the forward pass leaves for the backward pass.
    var forwardPass = ForwardPass()
    /// Nodes that are lowered.
    var lowered: Set<Int> = []
    /// Variables that a step updates in place.
    var finished: Set<Variable> = []
    /// The floating-point operations of the nodes that are being lowered.
    var flops = 0.0

    var plan: Plan {
        get { sequence.plan }
        _modify { yield &sequence.plan }
    }

    init(_ graph: Graph, isFrozen: Bool) {
        self.graph = graph
        variables = VariableLayouts(graph, isFrozen: isFrozen)
        isTraining = graph.nodes.contains { node in
            node.operation.role == .backward || node.operation.role == .weightsGradient
        }
    }

    // MARK: Buffers and steps

    mutating func newBuffer(_ byteCount: Int, _ storage: Plan.Buffer.Storage = .arena) -> Int {
        sequence.newBuffer(byteCount, storage)
    }

    /// Memory for a value that is about to be computed.
    mutating func define(_ value: Graph.Value, _ layout: MemoryDescriptor) -> Int {
        let buffer = newBuffer(layout.byteCount)
        place(value, Placement(layout: layout, buffer: buffer))
        return buffer
    }

    mutating func place(_ value: Graph.Value, _ placement: Placement) {
        values.add(placement, of: value)
        if plan.buffers[placement.buffer].content == nil {
            let dtype = placement.layout.isFloat32 ? .float32 : graph[value].dtype
            plan.buffers[placement.buffer].content = Plan.Content(
                shape: graph.shape(value), dtype: dtype, layout: placement.layout)
        }
    }

    mutating func markInvariant(_ buffer: Int) { sequence.markInvariant(buffer) }

    mutating func append(
        _ name: String, note: String = "", flops: Double = 0, choice: ConvolutionChoice? = nil,
        _ kernel: any Kernel
    ) {
        sequence.append(
            Plan.Step(name: name, note: note, flops: flops, choice: choice, kernel: kernel))
    }

    mutating func append(
        _ name: String, _ descriptor: PrimitiveDescriptor, flops: Double? = nil,
        accumulator: Int? = nil, choice: ConvolutionChoice? = nil,
        reads: [(argument: Int32, layout: MemoryDescriptor, buffer: Int)],
        writes: [(argument: Int32, layout: MemoryDescriptor, buffer: Int)]
    ) {
        let layout = descriptor.scratchpad
        let primitive = Primitive(
            descriptor: descriptor, sources: reads.map { Primitive.Operand($0) },
            destinations: writes.map { Primitive.Operand($0) },
            workMemory: layout.byteCount > 0
                ? Primitive.Operand((Argument.scratchpad, layout, newBuffer(layout.byteCount)))
                : nil, accumulator: accumulator)
        let layouts = writes.prefix(1).map { "\($0.layout)" }.joined()
        append(
            name, note: "\(descriptor.implementation) -> \(layouts)",
            flops: flops ?? self.flops,
            choice: choice?.computed(by: descriptor.implementation), primitive)
    }

    // MARK: Values

    /// The value in the layout in which it was computed.
    mutating func placement(_ value: Graph.Value) throws(EngineError) -> Placement {
        if let first = values.first(of: value) { return first }
        if graph.isWeightsCast(value.node) {
            let source = try placement(graph.nodes[value.node].inputs[0])
            return try converted(value, source, to: try source.layout.with(graph[value].dtype))
        }
        guard case .variable(let variable) = graph.nodes[value.node].operation else {
            throw EngineError("%\(value.node) is used before it is computed")
        }
        return try placement(of: variable, value, as: .plain(variable.shape, variable.dtype))
    }

    /// Reorders a value to a new type or layout.
    private mutating func converted(
        _ value: Graph.Value, _ source: Placement, to layout: MemoryDescriptor
    ) throws(EngineError) -> Placement {
        let result = Placement(layout: layout, buffer: define(value, layout))
        try reorder(source, to: result)
        return result
    }

    /// The layout of a value, or `nil` for a variable that has none yet and takes any.
    func layout(of value: Graph.Value) -> MemoryDescriptor? {
        values.first(of: value)?.layout
    }

    /// The value in a certain layout, reordered if necessary.
    mutating func buffer(for value: Graph.Value, as layout: MemoryDescriptor)
        throws(EngineError) -> Int
    {
        if !values.contains(value),
            case .variable(let variable) = graph.nodes[value.node].operation
        {
            _ = try placement(of: variable, value, as: layout)
        }
        if !values.contains(value), graph.isWeightsCast(value.node) {
            let variable = graph.nodes[value.node].inputs[0]
            if !values.contains(variable) {
                _ = try buffer(for: variable, as: try layout.with(graph[variable].dtype))
            }
            if let source = values.placement(of: variable, withAxesOf: layout) {
                return try converted(value, source, to: layout).buffer
            }
        }
        let first = try placement(value)
        if let same = values.placement(of: value, sameAs: layout) { return same.buffer }
        guard let source = values.placement(of: value, withAxesOf: layout) else {
            return try bufferThroughPlain(value, first, layout)
        }
        return try converted(value, source, to: layout).buffer
    }

    /// The value row-major.
    mutating func plainBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        try buffer(for: value, as: .plain(graph.shape(value), graph[value].dtype))
    }

    /// Layouts whose axes are split differently are reordered by way of the row-major layout, which has the same bytes
    /// for both.
    private mutating func bufferThroughPlain(
        _ value: Graph.Value, _ source: Placement, _ layout: MemoryDescriptor
    ) throws(EngineError) -> Int {
        let dtype = graph[value].dtype
        let plainSource = try MemoryDescriptor.plain(source.layout.dims, dtype)
        let plain = try buffer(for: value, as: plainSource)
        let plainLayout = try MemoryDescriptor.plain(layout.dims, dtype)
        place(value, Placement(layout: plainLayout, buffer: plain))
        return try buffer(for: value, as: layout)
    }

    mutating func reorder(_ source: Placement, to destination: Placement) throws(EngineError) {
        let descriptor = try PrimitiveDescriptor.reorder(source.layout, destination.layout)
        append(
            "reorder", descriptor, flops: 0,
            reads: [(Argument.source, source.layout, source.buffer)],
            writes: [(Argument.destination, destination.layout, destination.buffer)])
    }

    /// Copies a value whose memory is about to be written.
    mutating func copyAway(_ value: Graph.Value) throws(EngineError) {
        let source = try placement(value)
        let copy = Placement(
            layout: source.layout, buffer: newBuffer(source.layout.byteCount))
        try reorder(source, to: copy)
        values.replace(with: copy, of: value)
    }

    /// Whether no later step reads what is in a buffer.
    func isFree(_ buffer: Int) -> Bool {
        guard case .arena = plan.buffers[buffer].storage else { return false }
        return !hasReaders(values.values(in: buffer))
    }

    /// Whether a later step reads one of the values, or it is a result.
    func hasReaders(_ values: Set<Graph.Value>) -> Bool {
        let kept = graph.outputs + graph.updates.map(\.value)
        return kept.contains { values.contains($0) }
            || graph.nodes.indices.contains { node in
                !lowered.contains(node) && graph.nodes[node].inputs.contains { values.contains($0) }
            }
    }

    // MARK: Variables

    /// The placement of a variable; a new one takes the layout that is asked for first.
    private mutating func placement(
        of variable: Variable, _ value: Graph.Value?, as wanted: MemoryDescriptor
    ) throws(EngineError) -> Placement {
        if let known = variables.placement(of: variable) {
            if let value { place(value, known) }
            return known
        }
        let (layout, storage) = try variables.initial(variable, wanted: wanted)
        let result = Placement(layout: layout, buffer: newBuffer(layout.byteCount, storage))
        if variables.isResident(variable) {
            plan.residents.append(Plan.Resident(variable: variable, layout: layout))
        }
        if !variables.isUpdated(variable) { markInvariant(result.buffer) }
        variables.set(result, of: variable)
        if let value { place(value, result) }
        return result
    }

    /// The memory that the update of a variable is written to, in the layout `wanted` if it has none yet.
    mutating func placement(of variable: Variable, as wanted: MemoryDescriptor)
        throws(EngineError) -> Placement
    {
        try placement(of: variable, nil, as: wanted)
    }

    func residentLayout(of variable: Variable) -> MemoryDescriptor? {
        variables.residentLayout(of: variable)
    }
}

/// What the forward pass leaves for the backward pass.
struct ForwardPass {
    /// Primitives, which backward ones are made to match.
    var primitives: [Graph.Value: PrimitiveDescriptor] = [:]
    /// Poolings by our own kernels.
    var poolings: [Graph.Value: ImagePooling] = [:]
    /// The buffers that forward primitives write for their backward ones.
    var workspaces: [Graph.Value: Int] = [:]
    /// The columns of im2col, by image and geometry.
    var columns: [Graph.Value: [Im2col: Int]] = [:]
}
