package import StrataGraph

/// A variable's value in the layout that its primitives want.
package final class VariableBuffer: VariableStorage, @unchecked Sendable {
    package let layout: MemoryDescriptor
    private let owner: TensorMemory
    private let shape: [Int]
    private let dtype: DType
    private let plain: MemoryDescriptor

    init(_ tensor: Tensor, layout: MemoryDescriptor) throws(EngineError) {
        self.layout = layout
        shape = tensor.shape
        dtype = tensor.dtype
        plain = try MemoryDescriptor.plain(layout.dims, tensor.dtype)
        owner = try TensorMemory(byteCount: layout.byteCount)
        try copy(tensor)
    }

    var memory: UnsafeMutableRawPointer { owner.base }

    package func read() throws -> Tensor {
        try Tensor(shape: shape, dtype: dtype) { bytes in
            if let base = bytes.baseAddress {
                try Reordering.run(from: (layout, memory), to: (plain, base))
            }
        }
    }

    package func write(_ tensor: Tensor) throws { try copy(tensor) }

    private func copy(_ tensor: Tensor) throws(EngineError) {
        let result = tensor.withUnsafeBytes { bytes in
            Result { () throws(EngineError) in
                guard let base = bytes.baseAddress else { return }
                try Reordering.run(
                    from: (plain, UnsafeMutableRawPointer(mutating: base)), to: (layout, memory))
            }
        }
        try result.get()
    }
}

/// A reorder outside of any plan.
enum Reordering {
    static func run(
        from source: (layout: MemoryDescriptor, memory: UnsafeMutableRawPointer),
        to destination: (layout: MemoryDescriptor, memory: UnsafeMutableRawPointer)
    ) throws(EngineError) {
        if source.layout.isSame(as: destination.layout) {
            destination.memory.copyMemory(
                from: source.memory, byteCount: source.layout.byteCount)
            return
        }
        let descriptor = try PrimitiveDescriptor.reorder(source.layout, destination.layout)
        let scratchpad = try TensorMemory(byteCount: descriptor.scratchpad.byteCount)
        let primitive = try BoundPrimitive(
            descriptor,
            arguments: [
                (Argument.source, source.layout, source.memory),
                (Argument.destination, destination.layout, destination.memory),
                (Argument.scratchpad, descriptor.scratchpad, scratchpad.base),
            ])
        try primitive.run()
    }
}
