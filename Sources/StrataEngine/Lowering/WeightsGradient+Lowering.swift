internal import CKernels
internal import StrataGraph

/// The gradient of weights over the parts of a batch.
///
/// oneDNN's primitives divide the batch among the threads too, and add up behind a barrier in which a thread
/// spins until all are there. Where another process has taken the core of one, that lasts until the scheduler
/// gives it back: 3 to 5 ms for each of these gradients. A primitive for each part of the batch and thread needs
/// no barrier, and one thread can do the parts of both.
extension PlanBuilder {
    /// Where many threads share the work, or there are many weights, oneDNN divides the weights instead of the
    /// batch: there is less to add up.
    private static let mostParts = 4
    private static let mostBytes = 2 << 20

    /// A primitive for a part of the batch and one thread.
    struct Parts {
        var count: Int
        var descriptor: PrimitiveDescriptor
    }

    /// What `part` makes for a part of source and gradient; `nil` where the whole primitive has no barrier or
    /// cannot be divided.
    func parts(
        of whole: PrimitiveDescriptor,
        _ part: (MemoryDescriptor, MemoryDescriptor) throws(EngineError) -> PrimitiveDescriptor
    ) throws(EngineError) -> Parts? {
        let count = Threads.count
        guard count > 1, count <= PlanBuilder.mostParts, whole.hasBarrier,
            whole.diffWeights.byteCount <= PlanBuilder.mostBytes,
            let source = try whole.source.part(of: count),
            let gradient = try whole.diffDestination.part(of: count)
        else { return nil }
        let descriptor = try Threads.alone { () throws(EngineError) in try part(source, gradient) }
        guard descriptor.implementation == whole.implementation,
            descriptor.diffWeights.isSame(as: whole.diffWeights)
        else { return nil }
        return Parts(count: count, descriptor: descriptor)
    }

    private typealias Operand = (argument: Int32, layout: MemoryDescriptor, buffer: Int)

    /// Appends a primitive, or its parts, for a node's two inputs and its outputs; `axes` are the weights'.
    mutating func appendWeightsGradient(
        _ name: String, _ descriptor: PrimitiveDescriptor, _ parts: Parts?, _ node: Graph.Call,
        _ number: Int, _ axes: KernelAxes, bias: MemoryDescriptor?
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
        let chosen = parts?.descriptor ?? descriptor
        let reads: [Operand] = [
            (Argument.source, chosen.source, source),
            (Argument.diffDestination, chosen.diffDestination, gradient),
        ]
        if let parts {
            append(name, parts, reads: reads, writes: writes)
        } else {
            append(name, descriptor, reads: reads, writes: writes)
        }
    }

    /// Each part reads its own of what is read; what the parts write is added up.
    private mutating func append(
        _ name: String, _ parts: Parts, reads: [Operand], writes: [Operand]
    ) {
        let descriptor = parts.descriptor
        let room = Packing.aligned(descriptor.scratchpad.byteCount)
        let scratchpad = room > 0 ? newBuffer(room * parts.count) : nil
        let results = writes.map { write in
            [write.buffer] + (1..<parts.count).map { _ in newBuffer(write.layout.byteCount) }
        }
        let partitions = (0..<parts.count).map { part in
            var operands = reads.map { Primitive.Operand($0, offset: part * $0.layout.byteCount) }
            for (write, buffers) in zip(writes, results) {
                operands.append(Primitive.Operand((write.argument, write.layout, buffers[part])))
            }
            if let scratchpad {
                operands.append(
                    Primitive.Operand(
                        (Argument.scratchpad, descriptor.scratchpad, scratchpad),
                        offset: part * room))
            }
            return operands
        }
        append(
            name, note: "\(parts.count) x \(descriptor.implementation) -> \(writes[0].layout)",
            flops: flops,
            PartitionedPrimitive(
                descriptor: descriptor, partitions: partitions, reads: reads.map(\.buffer),
                writes: results.flatMap { $0 }, scratchpad: scratchpad))
        for (write, buffers) in zip(writes, results) {
            appendSum(of: buffers, count: write.layout.byteCount / 4)
        }
    }

    /// Adds buffers up in the first of them.
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
        append("sum of parts", program)
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

extension PrimitiveDescriptor {
    /// Whether threads wait for each other within the gradient of weights: oneDNN 2.6's kernels of its own do.
    fileprivate var hasBarrier: Bool { !implementation.contains("gemm:") && !isWinograd }
}
