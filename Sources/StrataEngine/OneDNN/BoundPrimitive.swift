internal import COneDNN

/// A primitive with its arguments, ready to be run again and again.
final class BoundPrimitive {
    /// The owner of the primitive.
    private let descriptor: PrimitiveDescriptor
    private var memories: [dnnl_memory_t] = []
    private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>
    let call: UnsafeMutablePointer<strata_call>
    /// Runs the primitive of a ``call``.
    static let execute: @convention(c) (UnsafeRawPointer?) -> Int32 = { strata_execute($0) }

    init(
        _ descriptor: PrimitiveDescriptor,
        arguments bindings: [(
            argument: Int32, layout: MemoryDescriptor, data: UnsafeMutableRawPointer
        )]
    ) throws(EngineError) {
        self.descriptor = descriptor
        let device = try Device.shared()
        arguments = .allocate(capacity: bindings.count)
        call = .allocate(capacity: 1)
        let primitive = try descriptor.primitive()
        for (index, binding) in bindings.enumerated() {
            var memory: dnnl_memory_t?
            try check(
                MemoryDescriptor.withRaw([binding.layout]) {
                    dnnl_memory_create(&memory, $0[0], device.engine, binding.data)
                }, "binding memory")
            guard let memory else { throw EngineError("oneDNN made no memory") }
            memories.append(memory)
            arguments[index] = dnnl_exec_arg_t(arg: binding.argument, memory: memory)
        }
        call.initialize(
            to: strata_call(
                primitive: primitive, stream: device.stream, count: Int32(bindings.count),
                arguments: arguments.baseAddress))
    }

    deinit {
        memories.forEach { dnnl_memory_destroy($0) }
        arguments.deallocate()
        call.deallocate()
    }

    func run() throws(EngineError) {
        try check(dnnl_status_t(UInt32(bitPattern: strata_execute(call))), "running a primitive")
    }
}

/// The numbers by which oneDNN knows what an argument is for.
enum Argument {
    static let source = Int32(DNNL_ARG_SRC_0)
    static let destination = Int32(DNNL_ARG_DST_0)
    static let weights = Int32(DNNL_ARG_WEIGHTS_0)
    static let bias = Int32(DNNL_ARG_BIAS)
    static let mean = Int32(DNNL_ARG_MEAN)
    static let variance = Int32(DNNL_ARG_VARIANCE)
    static let scale = Int32(DNNL_ARG_SCALE)
    static let shift = Int32(DNNL_ARG_SHIFT)
    static let workspace = Int32(DNNL_ARG_WORKSPACE)
    static let scratchpad = Int32(DNNL_ARG_SCRATCHPAD)
    static let diffSource = Int32(DNNL_ARG_DIFF_SRC_0)
    static let diffDestination = Int32(DNNL_ARG_DIFF_DST_0)
    static let diffWeights = Int32(DNNL_ARG_DIFF_WEIGHTS_0)
    static let diffBias = Int32(DNNL_ARG_DIFF_BIAS)
    /// The tensor of the first post-op.
    static let addition = Int32(strata_first_post_op)
    static let multipleSource = Int32(DNNL_ARG_MULTIPLE_SRC)
}
