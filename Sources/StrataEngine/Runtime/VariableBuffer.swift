internal import Glibc
package import StrataGraph

/// A variable's value in the layout that its primitives want.
///
/// A run that writes it holds its lock, as do reads and writes from outside, so that a variable, which
/// may be read on any thread, has the value of a whole step.
package final class VariableBuffer: VariableStorage, @unchecked Sendable {
    package let layout: MemoryDescriptor
    private let owner: TensorMemory
    private let shape: [Int]
    private let dtype: DType
    private let plain: MemoryDescriptor
    private let mutex = RecursiveLock()

    init(_ tensor: Tensor, layout: MemoryDescriptor) throws(EngineError) {
        self.layout = layout
        shape = tensor.shape
        dtype = tensor.dtype
        plain = try MemoryDescriptor.plain(layout.dims, tensor.dtype)
        owner = try TensorMemory(byteCount: layout.byteCount)
        try copy(tensor)
    }

    func lock() { mutex.lock() }

    func unlock() { mutex.unlock() }

    var memory: UnsafeMutableRawPointer { owner.base }

    package func read() throws -> Tensor {
        lock()
        defer { unlock() }
        try HostMemory.require("a copy", byteCount: shape.reduce(dtype.byteCount, *))
        return try Tensor(shape: shape, dtype: dtype) { bytes in
            if let base = bytes.baseAddress {
                try Reordering.run(from: (layout, memory), to: (plain, base))
            }
        }
    }

    package func write(_ tensor: Tensor) throws { try copy(tensor) }

    private func copy(_ tensor: Tensor) throws(EngineError) {
        lock()
        defer { unlock() }
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

/// A lock that its owner may take again: a host function may read a variable that its own run writes.
private final class RecursiveLock {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_mutexattr_t()
        pthread_mutexattr_init(&attributes)
        pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
        pthread_mutex_init(mutex, &attributes)
        pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }
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
        let team = Threads.enterPlan(of: Threads.count)
        defer { Threads.leavePlan(team) }
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
