internal import CKernels
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
        enum Kind: Sendable {
            case primitive(PrimitiveDescriptor, [Binding])
            /// One primitive for each thread.
            case primitives(PrimitiveDescriptor, [[Binding]])
            case program(ElementwiseProgram)
            case reduction(kind: Reduction.Kind, outer: Int, length: Int, inner: Int)
            case argMax(outer: Int, length: Int, inner: Int)
            case softmax(isLogarithm: Bool, outer: Int, length: Int, inner: Int)
            case oneHot(count: Int, depth: Int)
            case gather(rows: Int, count: Int, rowByteCount: Int)
            case scatterAdd(rows: Int, count: Int, width: Int)
            case inTopK(rows: Int, classes: Int, k: Int)
            case copy(StridedCopy)
            /// Images and moved images; backward from these to those.
            case resampling(
                Resampling, source: [Int], destination: [Int], isBackward: Bool)
            case equalization(count: Int, channels: Int, bins: Int)
            case patches(ImagePatches)
            /// From patches in float32 to the images.
            case patchSums(ImagePatches)
            /// From an image or rows, weights and perhaps a bias.
            case windows(WindowProducts)
            /// From interleaved images, weights and perhaps a bias; the gradient from images and that of the
            /// result to those of weights and bias.
            case interleaved(InterleavedConvolution)
            case interleavedGradient(InterleavedConvolution, parts: Int)
            case winograd(WinogradConvolution)
            case winogradFactors(rows: Int, columns: Int)
            /// From images, and perhaps factors and summands of channels, to pooled ones and, of maxima, their
            /// places in their windows; backward from the gradient of those, the places, and an activation's
            /// result to that of the images or of what was activated.
            case pooling(ImagePooling)
            case poolingBackward(ImagePooling)
            /// From x, gamma and beta to y, mean and variance.
            case normalization(BatchNormalization, Channels, DType)
            /// From the operation's inputs to its outputs.
            case normalizationBackward(BatchNormalizationBackward, Channels, DType)
        }

        struct Binding: Sendable {
            var argument: Int32
            var layout: MemoryDescriptor
            var buffer: Int
            /// Where in the buffer it begins, in bytes.
            var offset = 0
        }

        package internal(set) var name: String
        var note = ""
        /// How many floating-point operations it is in the graph.
        package internal(set) var arithmeticCount = 0.0
        var kind: Kind
        var reads: [Int]
        var writes: [Int]
        /// The memory that it works in.
        var scratchpad: Int?
        /// The memory that its primitive adds to: read and written.
        var accumulator: Int?
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

/// A box copied between places given by strides, in elements.
struct StridedCopy: Sendable {
    var dims: [Int]
    var sourceStrides: [Int]
    var destinationStrides: [Int]
    var sourceOffset = 0
    var destinationOffset = 0
    var elementSize: Int
    /// What to write everywhere before.
    var fill: (value: Float, count: Int)?
}

/// Operations on elements, one after the other on blocks that stay in the cache.
struct ElementwiseProgram: Sendable {
    /// One of the loops that go through the result in its order in memory.
    struct Loop: Sendable, Equatable {
        var count: Int
        var stride: Int
    }

    struct Slot: Sendable {
        enum Kind: Sendable {
            case temporary
            case full(buffer: Int)
            case scalar(buffer: Int)
            case immediate(Float)
            /// Memory whose elements repeat: the loops over the result, and how far each goes in it.
            case broadcast(buffer: Int, loops: [Loop])
        }

        var kind: Kind
        var dtype: DType
        var isOutput = false

        /// The memory that the slot's elements lie in.
        var buffer: Int? {
            switch kind {
            case .full(let buffer), .scalar(let buffer), .broadcast(let buffer, _): buffer
            case .temporary, .immediate: nil
            }
        }
    }

    struct Instruction: Sendable {
        var opcode: ck_opcode
        var destination: Int
        var operands: [Int]
        var rate: Float = 0
        var key: UInt64 = 0
    }

    var count: Int
    var slots: [Slot]
    var instructions: [Instruction]
    /// The order of the elements in memory, where it is not row-major and random numbers go by place.
    var loops: [MemoryDescriptor.Loop] = []

    /// Whether an output may lie in a buffer that operands lie in: nothing reads them afterwards.
    func canOverwrite(_ buffer: Int, with output: Int) -> Bool {
        guard let written = instructions.firstIndex(where: { $0.destination == output }) else {
            return false
        }
        return !instructions[(written + 1)...].contains { instruction in
            instruction.operands.contains { $0 != output && slots[$0].buffer == buffer }
        }
    }
}
