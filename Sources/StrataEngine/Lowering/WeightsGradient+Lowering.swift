internal import CKernels
internal import StrataGraph

/// The gradient of weights in partitions of the batch.
///
/// oneDNN's primitives divide the batch among the threads too, and sum behind a barrier in which a thread spins until
/// all have arrived. Where another process has taken the core of one, that lasts until the scheduler gives it back: 3
/// to 5 ms for each of these gradients. Primitives of one thread for each partition need no barrier, and one thread
/// can run those of both.
extension PlanBuilder {
    /// With more threads, or more weights, oneDNN divides the weights instead of the batch, which leaves less to sum.
    private static let mostPartitions = 4
    private static let mostBytes = 2 << 20

    /// A primitive for a partition of the batch and one thread.
    struct Partitions {
        var count: Int
        var descriptor: PrimitiveDescriptor
    }

    /// The primitive that `make` returns for a partition of source and gradient; `nil` where the whole primitive has no
    /// barrier or cannot be divided.
    func partitions(
        of whole: PrimitiveDescriptor,
        _ make: (MemoryDescriptor, MemoryDescriptor) throws(EngineError) -> PrimitiveDescriptor
    ) throws(EngineError) -> Partitions? {
        let count = Threads.count
        guard count > 1, count <= PlanBuilder.mostPartitions, whole.implementation.hasBarrier,
            whole.diffWeights.byteCount <= PlanBuilder.mostBytes,
            let source = try whole.source.part(of: count),
            let gradient = try whole.diffDestination.part(of: count)
        else { return nil }
        let descriptor = try Threads.inTeam(of: 1) { () throws(EngineError) in
            try make(source, gradient)
        }
        guard descriptor.implementation == whole.implementation,
            descriptor.diffWeights.isSame(as: whole.diffWeights)
        else { return nil }
        return Partitions(count: count, descriptor: descriptor)
    }

    private typealias Operand = (argument: Int32, layout: MemoryDescriptor, buffer: Int)

    /// Appends a primitive, or its partitions, for a node's two inputs and its outputs; `axes` are the weights'.
    mutating func appendWeightsGradient(
        _ name: String, _ descriptor: PrimitiveDescriptor, _ partitions: Partitions?,
        _ node: Graph.Call,
        _ number: Int, _ axes: KernelAxes, bias: MemoryDescriptor?,
        choice: ConvolutionChoice? = nil
    ) throws(EngineError) {
        let source = try buffer(for: node.inputs[0], as: try inGraphOrder(descriptor.source))
        let gradient = try buffer(
            for: node.inputs[1], as: try inGraphOrder(descriptor.diffDestination))
        let made = descriptor.diffWeights
        let weights = define(
            Graph.Value(node: number, output: 0), try made.permuted(inverse(axes.order)))
        var writes: [Operand] = [(Argument.diffWeights, made, weights)]
        if let bias {
            let buffer = define(Graph.Value(node: number, output: 1), bias)
            writes.append((Argument.diffBias, bias, buffer))
        }
        let chosen = partitions?.descriptor ?? descriptor
        let reads: [Operand] = [
            (Argument.source, chosen.source, source),
            (Argument.diffDestination, chosen.diffDestination, gradient),
        ]
        if let partitions {
            append(name, partitions, choice: choice, reads: reads, writes: writes)
        } else {
            append(name, descriptor, choice: choice, reads: reads, writes: writes)
        }
    }

    /// Each partition reads its samples; their results are summed.
    private mutating func append(
        _ name: String, _ division: Partitions, choice: ConvolutionChoice?, reads: [Operand],
        writes: [Operand]
    ) {
        let descriptor = division.descriptor
        let scratchpadSize = Packing.aligned(descriptor.scratchpad.byteCount)
        let scratchpad = scratchpadSize > 0 ? newBuffer(scratchpadSize * division.count) : nil
        let results = writes.map { write in
            [write.buffer] + (1..<division.count).map { _ in newBuffer(write.layout.byteCount) }
        }
        let partitions = (0..<division.count).map { index in
            var operands = reads.map { Primitive.Operand($0, offset: index * $0.layout.byteCount) }
            for (write, buffers) in zip(writes, results) {
                operands.append(Primitive.Operand((write.argument, write.layout, buffers[index])))
            }
            if let scratchpad {
                operands.append(
                    Primitive.Operand(
                        (Argument.scratchpad, descriptor.scratchpad, scratchpad),
                        offset: index * scratchpadSize))
            }
            return operands
        }
        append(
            name, note: "\(division.count) x \(descriptor.implementation) -> \(writes[0].layout)",
            flops: flops, choice: choice?.computed(by: descriptor.implementation),
            PartitionedPrimitive(
                descriptor: descriptor, partitions: partitions, reads: reads.map(\.buffer),
                writes: results.flatMap { $0 }, scratchpad: scratchpad))
        for (write, buffers) in zip(writes, results) {
            appendSum(of: buffers, count: write.layout.byteCount / 4)
        }
    }

    /// Sums buffers into the first of them.
    private mutating func appendSum(of buffers: [Int], count: Int) {
        typealias Slot = FusedElementwise.Slot
        let operands = buffers.map { Slot(kind: .full(buffer: $0), dtype: .float32) }
        let result = Slot(kind: .full(buffer: buffers[0]), dtype: .float32, isOutput: true)
        let sum = operands.count
        let instructions = (1..<operands.count).map { operand in
            FusedElementwise.Instruction(
                opcode: strata_add, destination: sum, operands: [operand == 1 ? 0 : sum, operand])
        }
        let program = FusedElementwise(
            count: count, slots: operands + [result], instructions: instructions)
        append("sum of partitions", program)
    }
}

extension PlanBuilder {
    /// Row-major memory for the gradients of a convolution's kernel and bias.
    mutating func defineWeightsGradients(
        _ kernel: [Int], _ number: Int, hasBias: Bool
    ) throws(EngineError) -> (kernel: Int, bias: Int?) {
        let weights = define(Graph.Value(node: number, output: 0), try .plain(kernel, .float32))
        guard hasBias else { return (weights, nil) }
        let layout = try MemoryDescriptor.plain(Array(kernel.suffix(1)), .float32)
        return (weights, define(Graph.Value(node: number, output: 1), layout))
    }

    /// The third operand of a convolution or an inner product, if it is there.
    mutating func biasBuffer(of node: Graph.Call) throws(EngineError) -> Int? {
        node.inputs.count > 2 ? try plainBuffer(node.inputs[2]) : nil
    }
}
