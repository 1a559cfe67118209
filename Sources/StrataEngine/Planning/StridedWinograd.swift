internal import CKernels
internal import StrataGraph

/// A 3 × 3 convolution with strides of 2, or a gradient of it, by Winograd's algorithm
/// (`CKernels/winograd.c`).
struct StridedWinograd: Sendable {
    enum Pass: Sendable {
        /// From an image, the transformed weights and a bias, if any.
        case forward(Activation?)
        /// From the gradient of the result and the transformed weights with filters before channels.
        case imageGradient
        /// From the image and the gradient of the result to the gradients of kernel and bias, if any.
        case kernelGradient
    }

    /// [batch, height, width, channels].
    var image: [Int]
    /// [batch, rows, columns, filters].
    var output: [Int]
    var paddingBefore: [Int]
    /// The numbers of contiguous channels of the image and of the output.
    var blocks: (image: Int, output: Int)
    /// The number of partitions of the batch.
    var partitions: Int
    var pass: Pass

    init(_ problem: ConvolutionProblem, _ blocks: (image: Int, output: Int), _ pass: Pass) {
        (image, output) = (problem.image, problem.output)
        paddingBefore = problem.paddingBefore
        self.blocks = blocks
        partitions = Threads.count
        self.pass = pass
    }

    static func supports(block: Int) -> Bool { block % 16 == 0 }

    /// The number of tiles along an axis of results.
    static func tileCount(_ results: Int) -> Int { (results + 2) / 3 }

    /// The size of the transformed weights of a kernel, in bytes.
    static func transformedWeightsByteCount(_ kernel: [Int]) -> Int {
        Int(STRATA_WINOGRAD_MATRICES) * kernel[2] * kernel[3] * 4
    }

    /// In C's form, without memory.
    var raw: strata_winograd {
        var raw = strata_winograd()
        raw.images = Int64(image[0])
        (raw.height, raw.width) = (Int64(image[1]), Int64(image[2]))
        (raw.channels, raw.filters) = (Int64(image[3]), Int64(output[3]))
        (raw.rows, raw.columns) = (Int64(output[1]), Int64(output[2]))
        raw.padding_before = (Int64(paddingBefore[0]), Int64(paddingBefore[1]))
        (raw.image_block, raw.result_block) = (Int64(blocks.image), Int64(blocks.output))
        raw.partitions = Int64(partitions)
        switch pass {
        case .forward(let activation): raw.activation = activation.opcode
        case .imageGradient: break
        case .kernelGradient: raw.is_weights_gradient = 1
        }
        return raw
    }

    /// The size of the scratchpad, in bytes.
    var scratchpadByteCount: Int {
        withUnsafePointer(to: raw) { Int(strata_winograd_scratchpad($0)) * 4 }
    }
}
