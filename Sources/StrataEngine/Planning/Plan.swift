package import StrataGraph

/// A graph made ready to run: layouts chosen, operations joined, memory laid out.
package struct Plan: Sendable {
    /// Memory that steps read and write.
    struct Buffer: Sendable {
        enum Storage: Sendable {
            /// Shared with buffers of other lifetimes.
            case arena
            /// Kept from run to run: loop-invariant results.
            case persistent
            case input(Int)
            case constant(Tensor)
            /// A variable's own memory.
            case variable(Variable)
            /// A row-major copy of a variable that lives in host memory.
            case variableCopy(Variable)
        }

        var byteCount: Int
        var storage: Storage
        /// The first value of the graph that is written to it, if any.
        var content: Content?
        /// The offset of an arena's or a persistent buffer.
        var offset = 0
    }

    /// A value of the graph in memory.
    struct Content: Sendable {
        var shape: [Int]
        var dtype: DType
        var layout: MemoryDescriptor
    }

    /// One call.
    package struct Step: Sendable {
        package internal(set) var name: String
        var note = ""
        /// The number of floating-point operations in the graph.
        package internal(set) var flops = 0.0
        /// Why a convolution is computed by this algorithm.
        var choice: ConvolutionChoice?
        var kernel: any Kernel

        var reads: [Int] { kernel.reads }
        var writes: [Int] { kernel.writes }
        /// oneDNN's name of the implementation, or `strata:` and the name of a kernel of ours.
        package var implementation: String { kernel.implementation }
    }

    /// A variable that the engine adopts for the plan, and its layout there.
    struct Resident: Sendable {
        var variable: Variable
        var layout: MemoryDescriptor
    }

    /// An input or an output, row-major.
    package struct Endpoint: Sendable {
        var buffer: Int
        package var shape: [Int]
        package var dtype: DType
    }

    /// How many threads it was made for: scratchpads and partitions are for these, and no more may run it.
    private(set) var threadCount = Threads.count
    var buffers: [Buffer] = []
    /// Steps whose results hold until a variable changes.
    var prologue: [Step] = []
    package internal(set) var steps: [Step] = []
    package internal(set) var inputs: [(name: String, endpoint: Endpoint)] = []
    package internal(set) var outputs: [Endpoint] = []
    var residents: [Resident] = []
    var arenaByteCount = 0
    var persistentByteCount = 0
    /// The size of the arena if no two buffers shared memory.
    var unsharedByteCount = 0
}

extension Plan {
    /// Throws unless there is memory for an executable.
    ///
    /// - Parameter isFrozen: whether only what a run writes is needed.
    func requireMemory(isFrozen: Bool) throws(GraphError) {
        var bytes = Double(arenaByteCount)
        for buffer in buffers {
            switch buffer.storage {
            case .input: bytes += Double(buffer.byteCount)
            case .persistent, .constant, .variableCopy:
                if !isFrozen { bytes += Double(buffer.byteCount) }
            case .arena, .variable: break
            }
        }
        for resident in residents where !isFrozen && resident.variable.storage == nil {
            bytes += Double(resident.layout.byteCount)
        }
        if let problem = HostMemory.shortage("the plan", byteCount: bytes) {
            throw GraphError(problem)
        }
    }
}
