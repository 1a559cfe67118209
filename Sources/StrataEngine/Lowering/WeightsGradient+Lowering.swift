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

    /// Appends a primitive, or its parts.
    mutating func appendWeightsGradient(
        _ name: String, _ descriptor: PrimitiveDescriptor, _ parts: Parts?, source: Int,
        gradient: Int, weights: Int, bias: (layout: MemoryDescriptor, buffer: Int)?
    ) throws(EngineError) {
        if let parts {
            return append(
                name, parts, source: source, gradient: gradient, weights: weights, bias: bias)
        }
        var writes = [(Argument.diffWeights, descriptor.diffWeights, weights)]
        if let bias { writes.append((Argument.diffBias, bias.layout, bias.buffer)) }
        append(
            name, descriptor,
            reads: [
                (Argument.source, descriptor.source, source),
                (Argument.diffDestination, descriptor.diffDestination, gradient),
            ], writes: writes)
    }

    private mutating func append(
        _ name: String, _ parts: Parts, source: Int, gradient: Int, weights: Int,
        bias: (layout: MemoryDescriptor, buffer: Int)?
    ) {
        let descriptor = parts.descriptor
        let (image, wanted) = (descriptor.source, descriptor.diffDestination)
        let made = descriptor.diffWeights
        let room = Packing.aligned(descriptor.scratchpad.byteCount)
        let scratchpad = room > 0 ? newBuffer(room * parts.count) : nil
        var weightsParts = [weights]
        var biasParts = [bias?.buffer].compactMap(\.self)
        for _ in 1..<parts.count {
            weightsParts.append(newBuffer(made.byteCount))
            if let bias { biasParts.append(newBuffer(bias.layout.byteCount)) }
        }
        let bindings = (0..<parts.count).map { number in
            var bindings = [
                Plan.Step.Binding(
                    argument: Argument.source, layout: image, buffer: source,
                    offset: number * image.byteCount),
                Plan.Step.Binding(
                    argument: Argument.diffDestination, layout: wanted, buffer: gradient,
                    offset: number * wanted.byteCount),
                Plan.Step.Binding(
                    argument: Argument.diffWeights, layout: made, buffer: weightsParts[number]),
            ]
            if let bias {
                bindings.append(
                    Plan.Step.Binding(
                        argument: Argument.diffBias, layout: bias.layout, buffer: biasParts[number])
                )
            }
            if let scratchpad {
                bindings.append(
                    Plan.Step.Binding(
                        argument: Argument.scratchpad, layout: descriptor.scratchpad,
                        buffer: scratchpad, offset: number * room))
            }
            return bindings
        }
        append(
            Plan.Step(
                name: name, note: "\(parts.count) x \(descriptor.implementation) -> \(made)",
                arithmeticCount: arithmeticCount, kind: .primitives(descriptor, bindings),
                reads: [source, gradient], writes: weightsParts + biasParts,
                scratchpad: scratchpad))
        appendSum(of: weightsParts, count: made.byteCount / 4)
        if let bias { appendSum(of: biasParts, count: bias.layout.byteCount / 4) }
    }

    /// Adds buffers up in the first of them.
    private mutating func appendSum(of buffers: [Int], count: Int) {
        typealias Slot = ElementwiseProgram.Slot
        let operands = buffers.map { Slot(kind: .full(buffer: $0), dtype: .float32) }
        let result = Slot(kind: .full(buffer: buffers[0]), dtype: .float32, isOutput: true)
        let sum = operands.count
        let instructions = (1..<operands.count).map { operand in
            ElementwiseProgram.Instruction(
                opcode: ck_add, destination: sum, operands: [operand == 1 ? 0 : sum, operand])
        }
        let program = ElementwiseProgram(
            count: count, slots: operands + [result], instructions: instructions)
        append(
            Plan.Step(
                name: "sum of parts", kind: .program(program), reads: buffers,
                writes: [buffers[0]]))
    }
}

extension PrimitiveDescriptor {
    /// Whether threads wait for each other within the gradient of weights: oneDNN 2.6's kernels of its own do.
    fileprivate var hasBarrier: Bool { !implementation.contains("gemm:") && !isWinograd }
}
