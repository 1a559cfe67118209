internal import CKernels
internal import StrataGraph

/// A function outside of the engine, called with row-major values.
struct HostKernel: Kernel {
    var function: HostFunction
    var sources: [Int]
    var results: [Int]

    var implementation: String { "host" }
    var reads: [Int] { sources }
    var writes: [Int] { results }
    /// Nothing is known about what it does besides.
    var runsAlways: Bool { true }
    var sum: RankSum? { function.sum }

    func problems(_ byteCounts: [Int]) -> [String] {
        zip(sources + results, function.inputs + function.outputs).compactMap { buffer, type in
            byteCounts[buffer] < type.byteCount
                ? "has %\(buffer) of \(byteCounts[buffer]) bytes for \(type)" : nil
        }
    }

    func bind(to memory: KernelMemory) -> BoundKernel {
        let call = HostFunctionCall(
            function, inputs: sources.map { UnsafeRawPointer(memory[$0]) },
            outputs: results.map { memory[$0] })
        return BoundKernel(
            { HostFunctionCall.run($0) }, at: Unmanaged.passUnretained(call).toOpaque(),
            owners: [call])
    }
}

/// A host function and the memory that it is called with.
private final class HostFunctionCall {
    private let function: HostFunction
    private let inputs: ArgumentTable<UnsafeRawPointer?>
    private let outputs: ArgumentTable<UnsafeMutableRawPointer?>
    private let bools: [UnsafeMutableRawBufferPointer]

    init(
        _ function: HostFunction, inputs: [UnsafeRawPointer], outputs: [UnsafeMutableRawPointer]
    ) {
        self.function = function
        self.inputs = ArgumentTable(inputs)
        self.outputs = ArgumentTable(outputs)
        bools = zip(outputs, function.outputs).compactMap { memory, type in
            type.dtype == .bool
                ? UnsafeMutableRawBufferPointer(start: memory, count: type.byteCount) : nil
        }
    }

    static func run(_ argument: UnsafeRawPointer?) -> Int32 {
        guard let argument else { return 1 }
        let call = Unmanaged<HostFunctionCall>.fromOpaque(argument).takeUnretainedValue()
        // The team waits meanwhile, which would look like a process that takes its cores.
        strata_run_ends()
        defer { strata_run_begins() }
        guard call.function.body(call.inputs.base, UnsafePointer(call.outputs.address)) else {
            return 1
        }
        for memory in call.bools { memory.makeBool() }
        return 0
    }
}

extension TensorType {
    /// The bytes of a dense tensor; all dimensions are known in a plan.
    fileprivate var byteCount: Int { (shape.elementCount ?? 0) * dtype.byteCount }
}
