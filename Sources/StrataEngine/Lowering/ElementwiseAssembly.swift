internal import CKernels
internal import StrataGraph

/// Translates elementwise nodes of one shape to slots and instructions of a fused kernel.
struct ElementwiseAssembly {
    let graph: Graph
    let nodes: [Int]
    let shape: [Int]
    /// The values that other nodes compute, each once.
    let operands: [Graph.Value]
    /// The values that other nodes read.
    let results: [Graph.Value]
    private(set) var slots: [FusedElementwise.Slot] = []
    private(set) var instructions: [FusedElementwise.Instruction] = []
    private var slotOf: [Graph.Value: Int] = [:]
    private var conversions: [Int: Int] = [:]

    init(graph: Graph, nodes: [Int], shape: [Int]) {
        self.graph = graph
        self.nodes = nodes
        self.shape = shape
        let own = Set(nodes)
        var seen: Set<Graph.Value> = []
        operands = nodes.flatMap { graph.nodes[$0].inputs }.filter {
            !own.contains($0.node) && seen.insert($0).inserted
        }
        var needed = Set((graph.outputs + graph.updates.map(\.value)).map(\.node))
        for (number, node) in graph.nodes.enumerated() where !own.contains(number) {
            for input in node.inputs { needed.insert(input.node) }
        }
        results = nodes.filter { needed.contains($0) }.map { Graph.Value(node: $0, output: 0) }
    }

    var name: String {
        var words = nodes.prefix(4).map { graph.nodes[$0].operation.name }
        if nodes.count > 4 { words.append("…\(nodes.count)") }
        return words.joined(separator: "+")
    }

    /// The most slots that may be needed: one for each operand and node, and two for a result, which may be copied.
    var mostSlots: Int { operands.count + nodes.count + 2 * results.count }

    /// Whether values are drawn at random by their index.
    var isRandom: Bool {
        nodes.contains {
            graph.nodes[$0].operation.definition?.isRandom ?? false
        }
    }

    func isFull(_ value: Graph.Value) -> Bool {
        graph.shape(value) == shape && shape.reduce(1, *) > 1
    }

    /// Whether several elements are broadcast.
    func isRepeated(_ value: Graph.Value) -> Bool {
        !isFull(value) && graph.shape(value).reduce(1, *) > 1
    }

    /// The loops over a result in a layout, row-major if `nil`, and their strides in an operand.
    ///
    /// Adjacent loops that are contiguous are one.
    func loops(over value: Graph.Value, _ layout: [MemoryDescriptor.Loop]?)
        -> [FusedElementwise.Loop]
    {
        let own = graph.shape(value)
        let strides = rowMajorStrides(own), rowMajor = rowMajorStrides(shape)
        let plain = shape.indices.map {
            MemoryDescriptor.Loop(axis: $0, count: shape[$0], stride: rowMajor[$0])
        }
        var result: [FusedElementwise.Loop] = []
        for loop in layout ?? plain where loop.count != 1 {
            let axis = loop.axis - (shape.count - own.count)
            let isRepeated = axis < 0 || own[axis] == 1
            let stride = isRepeated ? 0 : strides[axis] * (loop.stride / rowMajor[loop.axis])
            if let last = result.last, last.stride == stride * loop.count {
                result[result.count - 1] = .init(count: last.count * loop.count, stride: stride)
            } else {
                result.append(.init(count: loop.count, stride: stride))
            }
        }
        return result
    }

    mutating func addOperand(
        _ value: Graph.Value, _ kind: FusedElementwise.Slot.Kind, _ dtype: DType
    ) {
        slots.append(FusedElementwise.Slot(kind: kind, dtype: dtype))
        slotOf[value] = slots.count - 1
    }

    private mutating func temporary(_ dtype: DType) -> Int {
        slots.append(FusedElementwise.Slot(kind: .temporary, dtype: dtype))
        return slots.count - 1
    }

    mutating func emit(
        _ opcode: strata_opcode, _ operands: [Int], _ dtype: DType, rate: Float = 0,
        key: UInt64 = 0, rowSize: Int = 0
    ) -> Int {
        let destination = temporary(dtype)
        instructions.append(
            FusedElementwise.Instruction(
                opcode: opcode, destination: destination, operands: operands, rate: rate, key: key,
                rowSize: rowSize))
        return destination
    }

    func isInteger(_ slot: Int) -> Bool { slots[slot].dtype == .int32 }

    mutating func asFloat(_ slot: Int) -> Int {
        if !isInteger(slot) { return slot }
        if let known = conversions[slot] { return known }
        let converted = emit(strata_int_to_float, [slot], .float32)
        conversions[slot] = converted
        return converted
    }

    /// One instruction, or a few where types differ, for every node.
    mutating func assemble() {
        for number in nodes {
            let node = graph.nodes[number]
            let inputs = node.inputs.map { slotOf[$0] ?? 0 }
            slotOf[Graph.Value(node: number, output: 0)] = assemble(node, inputs)
        }
        reuseTemporaries()
    }

    private mutating func assemble(_ node: Graph.Call, _ inputs: [Int]) -> Int {
        let dtype = node.outputs[0].dtype
        guard let definition = node.operation.definition as? any ElementwiseDefinition else {
            return inputs.first ?? 0
        }
        let result = definition.assemble(inputs, dtype, &self)
        if isInteger(result) { return result }
        return switch dtype {
        case .float32, .bfloat16: result
        case .int32: emit(strata_float_to_int, [result], .int32)
        case .uint8: emit(strata_float_to_byte, [result], .float32)
        case .bool: emit(strata_float_to_bool, [result], .float32)
        }
    }

    /// Writes a value to memory: directly where it is computed, or by a copy at the end where
    /// something still reads what the memory holds.
    mutating func addResult(_ value: Graph.Value, buffer: Int) {
        let computed = slotOf[value] ?? 0
        let aliases = slots.indices.filter { slots[$0].buffer == buffer }
        slots.append(
            FusedElementwise.Slot(
                kind: .full(buffer: buffer), dtype: graph[value].dtype, isOutput: true))
        let output = slots.count - 1
        let writer = instructions.firstIndex { $0.destination == computed }
        let isReadLater = { [instructions] (slot: Int, position: Int) in
            instructions[(position + 1)...].contains { $0.operands.contains(slot) }
        }
        let isShared = instructions.filter { $0.destination == computed }.count != 1
        if let writer, !isShared, !aliases.contains(where: { isReadLater($0, writer) }),
            case .temporary = slots[computed].kind,
            slots[computed].dtype == graph[value].dtype
                || (slots[computed].dtype == .float32 && graph[value].dtype != .int32)
        {
            instructions[writer].destination = output
            for position in instructions.indices {
                instructions[position].operands = instructions[position].operands.map {
                    $0 == computed ? output : $0
                }
            }
            slotOf[value] = output
        } else {
            instructions.append(
                FusedElementwise.Instruction(
                    opcode: strata_copy, destination: output, operands: [computed]))
        }
    }
}

extension ElementwiseAssembly {
    /// Gives temporaries whose value is no longer needed to later instructions.
    ///
    /// Results keep a slot of their own, since they are renamed afterwards.
    private mutating func reuseTemporaries() {
        let kept = Set(results.compactMap { slotOf[$0] })
        var lastUse: [Int: Int] = [:]
        for (position, instruction) in instructions.enumerated() {
            for operand in instruction.operands { lastUse[operand] = position }
        }
        var renamed: [Int: Int] = [:]
        var free: [DType: [Int]] = [:]
        for position in instructions.indices {
            let old = instructions[position]
            instructions[position].operands = old.operands.map { renamed[$0] ?? $0 }
            for operand in Set(old.operands) where lastUse[operand] == position {
                guard case .temporary = slots[operand].kind, !kept.contains(operand) else {
                    continue
                }
                free[slots[operand].dtype, default: []].append(renamed[operand] ?? operand)
            }
            let destination = old.destination
            if !kept.contains(destination),
                let slot = free[slots[destination].dtype]?.popLast()
            {
                renamed[destination] = slot
                instructions[position].destination = slot
            }
        }
        compact()
    }

    /// Removes slots that no instruction uses.
    private mutating func compact() {
        var used = Set(instructions.flatMap { $0.operands + [$0.destination] })
        used.formUnion(
            slotOf.values.filter { slot in
                if case .temporary = slots[slot].kind { return false }
                return true
            })
        used.formUnion(results.compactMap { slotOf[$0] })
        var index: [Int: Int] = [:]
        var kept: [FusedElementwise.Slot] = []
        for slot in slots.indices where used.contains(slot) {
            index[slot] = kept.count
            kept.append(slots[slot])
        }
        slots = kept
        slotOf = slotOf.compactMapValues { index[$0] }
        for position in instructions.indices {
            let old = instructions[position]
            instructions[position].destination = index[old.destination] ?? 0
            instructions[position].operands = old.operands.map { index[$0] ?? 0 }
        }
    }
}
