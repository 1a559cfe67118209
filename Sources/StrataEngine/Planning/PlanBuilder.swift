internal import StrataGraph

/// A plan in the making: where each value of the graph lies, and the steps so far.
///
/// The only place that inserts a reorder is ``buffer(for:as:)``.
struct PlanBuilder {
    struct Placement {
        var layout: MemoryDescriptor
        var buffer: Int
    }

    let graph: Graph
    let isTraining: Bool
    var plan = Plan()
    /// The layouts in which a value is there; the first is the one it was made in.
    private var placements: [Graph.Value: [Placement]] = [:]
    /// Primitives of the forward pass, which backward ones need.
    var forward: [Graph.Value: PrimitiveDescriptor] = [:]
    /// Poolings of the forward pass by loops of our own.
    var poolings: [Graph.Value: ImagePooling] = [:]
    /// What a forward primitive left behind for its backward one.
    var workspaces: [Graph.Value: Int] = [:]
    /// The columns of im2col by image and geometry.
    var columns: [Graph.Value: [Im2col: Int]] = [:]
    private var homes: [Variable: Placement] = [:]
    private let updated: Set<Variable>
    /// Nodes whose steps are there.
    var lowered: Set<Int> = []
    /// Variables whose new value a step has written to its place.
    var finished: Set<Variable> = []
    /// The work of the nodes that are being lowered.
    var flops = 0.0
    /// Buffers that depend on nothing but constants and variables that the plan does not change.
    private var isSteady: Set<Int> = []

    init(_ graph: Graph) {
        self.graph = graph
        updated = Set(graph.updates.map(\.variable))
        isTraining = graph.nodes.contains { node in
            node.operation.role == .backward || node.operation.role == .weightsGradient
        }
    }

    // MARK: Buffers

    mutating func newBuffer(_ byteCount: Int, _ place: Plan.Buffer.Place = .arena) -> Int {
        plan.buffers.append(Plan.Buffer(byteCount: max(byteCount, 4), place: place))
        return plan.buffers.count - 1
    }

    /// Memory for a value that is about to be made.
    mutating func define(_ value: Graph.Value, _ layout: MemoryDescriptor) -> Int {
        let buffer = newBuffer(layout.byteCount)
        place(value, Placement(layout: layout, buffer: buffer))
        return buffer
    }

    mutating func place(_ value: Graph.Value, _ placement: Placement) {
        placements[value, default: []].append(placement)
        if plan.buffers[placement.buffer].content == nil {
            let dtype = placement.layout.isFloat32 ? .float32 : graph[value].dtype
            plan.buffers[placement.buffer].content = Plan.Content(
                shape: graph.shape(value), dtype: dtype, layout: placement.layout)
        }
    }

    mutating func markSteady(_ buffer: Int) { isSteady.insert(buffer) }

    /// Appends a step; one whose operands do not change becomes part of the prologue.
    mutating func append(
        _ name: String, note: String = "", flops: Double = 0, choice: ConvolutionChoice? = nil,
        _ kernel: any Kernel
    ) {
        let step = Plan.Step(
            name: name, note: note, flops: flops, choice: choice, kernel: kernel)
        let isOnce =
            !step.reads.isEmpty && step.reads.allSatisfy { isSteady.contains($0) }
            && step.writes.allSatisfy { buffer in
                if case .arena = plan.buffers[buffer].place { true } else { false }
            }
        guard isOnce else {
            plan.steps.append(step)
            return
        }
        for buffer in step.writes {
            plan.buffers[buffer].place = .persistent
            isSteady.insert(buffer)
        }
        plan.prologue.append(step)
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
            flops: flops ?? self.flops, choice: choice, primitive)
    }

    // MARK: Values

    /// The value in the layout it was made in.
    mutating func placement(_ value: Graph.Value) throws(EngineError) -> Placement {
        if let first = placements[value]?.first { return first }
        if graph.isWeightsCast(value.node) {
            let source = try placement(graph.nodes[value.node].inputs[0])
            return try converted(value, source, to: try source.layout.with(graph[value].dtype))
        }
        guard case .variable(let variable) = graph.nodes[value.node].operation else {
            throw EngineError("%\(value.node) is used before it is made")
        }
        return try home(of: variable, value, as: .plain(variable.shape, variable.dtype))
    }

    /// Makes a value that is another in a new type or layout.
    private mutating func converted(
        _ value: Graph.Value, _ source: Placement, to layout: MemoryDescriptor
    ) throws(EngineError) -> Placement {
        let result = Placement(layout: layout, buffer: define(value, layout))
        try reorder(source, to: result)
        return result
    }

    /// The layout of a value, or `nil` for a variable that has none yet and takes any.
    func layout(of value: Graph.Value) -> MemoryDescriptor? {
        placements[value]?.first?.layout
    }

    /// The value in a certain layout, reordered where it is not there in it.
    mutating func buffer(for value: Graph.Value, as layout: MemoryDescriptor)
        throws(EngineError) -> Int
    {
        if placements[value] == nil,
            case .variable(let variable) = graph.nodes[value.node].operation
        {
            _ = try home(of: variable, value, as: layout)
        }
        if placements[value] == nil, graph.isWeightsCast(value.node) {
            let variable = graph.nodes[value.node].inputs[0]
            if placements[variable] == nil {
                _ = try buffer(for: variable, as: try layout.with(graph[variable].dtype))
            }
            if let source = placements[variable]?.first(where: { $0.layout.dims == layout.dims }) {
                return try converted(value, source, to: layout).buffer
            }
        }
        let first = try placement(value)
        let there = placements[value] ?? []
        if let same = there.first(where: { $0.layout.hasSameBytes(as: layout) }) {
            return same.buffer
        }
        guard let source = there.first(where: { $0.layout.dims == layout.dims }) else {
            return try bufferThroughPlain(value, first, layout)
        }
        return try converted(value, source, to: layout).buffer
    }

    /// The value row-major.
    mutating func plainBuffer(_ value: Graph.Value) throws(EngineError) -> Int {
        try buffer(for: value, as: .plain(graph.shape(value), graph[value].dtype))
    }

    /// Between layouts whose axes are split differently lies the row-major form, which is the same
    /// bytes for both.
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

    /// Gives a value memory of its own, where its memory is about to be written.
    mutating func copyAway(_ value: Graph.Value) throws(EngineError) {
        let source = try placement(value)
        let copy = Placement(
            layout: source.layout, buffer: newBuffer(source.layout.byteCount))
        try reorder(source, to: copy)
        placements[value] = [copy]
    }

    /// Whether all that read a value are lowered, and what lies in its memory is for nobody else.
    func isFree(_ buffer: Int) -> Bool {
        guard case .arena = plan.buffers[buffer].place else { return false }
        let there = Set(
            placements.filter { $0.value.contains { $0.buffer == buffer } }.map(\.key))
        return !hasReaders(there)
    }

    /// Whether something is still to be done with one of the values.
    func hasReaders(_ values: Set<Graph.Value>) -> Bool {
        let kept = graph.outputs + graph.updates.map(\.value)
        return kept.contains { values.contains($0) }
            || graph.nodes.indices.contains { node in
                !lowered.contains(node) && graph.nodes[node].inputs.contains { values.contains($0) }
            }
    }

    // MARK: Variables

    /// Where a variable lives; a new one takes the layout that is asked for first.
    private mutating func home(
        of variable: Variable, _ value: Graph.Value?, as wanted: MemoryDescriptor
    ) throws(EngineError) -> Placement {
        if let home = homes[variable] {
            if let value { place(value, home) }
            return home
        }
        let result: Placement
        if let storage = variable.storage as? VariableBuffer {
            let buffer = newBuffer(storage.layout.byteCount, .variable(variable))
            result = Placement(layout: storage.layout, buffer: buffer)
        } else if updated.contains(variable) {
            let buffer = newBuffer(wanted.byteCount, .variable(variable))
            result = Placement(layout: wanted, buffer: buffer)
        } else {
            let plain = try MemoryDescriptor.plain(variable.shape, variable.dtype)
            let buffer = newBuffer(plain.byteCount, .variableCopy(variable))
            result = Placement(layout: plain, buffer: buffer)
        }
        if !updated.contains(variable) { isSteady.insert(result.buffer) }
        if updated.contains(variable) {
            plan.homes.append(Plan.Home(variable: variable, layout: result.layout))
        }
        homes[variable] = result
        if let value { place(value, result) }
        return result
    }

    /// The memory that an update of a variable goes to, in the layout `wanted` if it is free.
    mutating func home(of variable: Variable, as wanted: MemoryDescriptor)
        throws(EngineError) -> Placement
    {
        try home(of: variable, nil, as: wanted)
    }

    /// The layout that a variable has already.
    func homeLayout(of variable: Variable) -> MemoryDescriptor? {
        homes[variable]?.layout ?? (variable.storage as? VariableBuffer)?.layout
    }
}
