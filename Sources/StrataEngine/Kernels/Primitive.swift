/// A primitive of oneDNN with its arguments.
struct Primitive: Kernel {
    struct Operand: Sendable {
        /// One of oneDNN's indices (``Argument``).
        var argument: Int32
        var layout: MemoryDescriptor
        var buffer: Int
        /// Where in the buffer it begins, in bytes.
        var offset: Int

        init(_ operand: (argument: Int32, layout: MemoryDescriptor, buffer: Int), offset: Int = 0) {
            (argument, layout, buffer) = operand
            self.offset = offset
        }
    }

    var descriptor: PrimitiveDescriptor
    var sources: [Operand]
    var destinations: [Operand]
    /// What the primitive works in; `nil` where it needs nothing.
    var workMemory: Operand?
    var accumulator: Int?

    var implementation: String { descriptor.implementation.name }
    var reads: [Int] { sources.map(\.buffer) + [accumulator].compactMap(\.self) }
    var writes: [Int] { destinations.map(\.buffer) }
    var scratchpad: Int? { workMemory?.buffer }
    var operands: [Operand] { sources + destinations + [workMemory].compactMap(\.self) }

    func problems(_ byteCounts: [Int]) -> [String] { operands.problems(byteCounts) }

    func bind(to memory: KernelMemory) throws(EngineError) -> BoundKernel {
        let bound = try BoundPrimitive(descriptor, operands, memory)
        return BoundKernel(
            BoundPrimitive.execute, at: UnsafeRawPointer(bound.call), owners: [bound])
    }
}

extension [Primitive.Operand] {
    /// Operands that are larger than their buffers.
    func problems(_ byteCounts: [Int]) -> [String] {
        compactMap { operand in
            let (needed, there) = (operand.layout.byteCount, byteCounts[operand.buffer])
            if operand.offset + needed <= there { return nil }
            return "uses \(needed) bytes of %\(operand.buffer), which has \(there)"
        }
    }
}

extension BoundPrimitive {
    convenience init(
        _ descriptor: PrimitiveDescriptor, _ operands: [Primitive.Operand],
        _ memory: KernelMemory
    ) throws(EngineError) {
        try self.init(
            descriptor,
            arguments: operands.map { ($0.argument, $0.layout, memory[$0.buffer] + $0.offset) })
    }
}
