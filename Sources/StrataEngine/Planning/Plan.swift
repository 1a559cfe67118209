package import StrataGraph

/// A graph made ready to run: layouts chosen, operations joined, memory laid out.
package struct Plan: Sendable {
    /// Memory that steps read and write.
    struct Buffer: Sendable {
        enum Place: Sendable {
            /// Used by one buffer after another during a step.
            case arena
            /// Kept from run to run: what follows from variables and constants alone.
            case persistent
            case input(Int)
            case constant(Tensor)
            /// A variable's own memory.
            case variable(Variable)
            /// A row-major copy of a variable that lives in host memory.
            case variableCopy(Variable)
        }

        var byteCount: Int
        var place: Place
        /// What is in it first, if that is a value of the graph.
        var content: Content?
        /// Where an arena's or a persistent buffer begins.
        var offset = 0
    }

    /// A value of the graph, as it lies in memory.
    struct Content: Sendable {
        var shape: [Int]
        var dtype: DType
        var layout: MemoryDescriptor
    }

    /// One call.
    package struct Step: Sendable {
        package internal(set) var name: String
        var note = ""
        /// How many floating-point operations it is in the graph.
        package internal(set) var flops = 0.0
        /// Why a convolution is computed by this algorithm.
        var choice: ConvolutionChoice?
        var kernel: any Kernel

        var reads: [Int] { kernel.reads }
        var writes: [Int] { kernel.writes }
        /// oneDNN's name of the implementation, or `strata:` and the name of a kernel of ours.
        package var implementation: String { kernel.implementation }
    }

    /// A variable that the plan writes, and the layout that it lives in.
    struct Home: Sendable {
        var variable: Variable
        var layout: MemoryDescriptor
    }

    /// Where something goes in or comes out, row-major.
    package struct Endpoint: Sendable {
        var buffer: Int
        package var shape: [Int]
        package var dtype: DType
    }

    var buffers: [Buffer] = []
    /// Steps whose results hold until a variable changes.
    var prologue: [Step] = []
    package internal(set) var steps: [Step] = []
    package internal(set) var inputs: [(name: String, endpoint: Endpoint)] = []
    package internal(set) var outputs: [Endpoint] = []
    var homes: [Home] = []
    var arenaByteCount = 0
    var persistentByteCount = 0
    /// What the arena would take if no two buffers shared memory.
    var unsharedByteCount = 0
}
