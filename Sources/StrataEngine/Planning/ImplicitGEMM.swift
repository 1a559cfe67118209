internal import CKernels
internal import StrataGraph

/// A convolution or an inner product as an implicit GEMM (`CKernels/implicit_gemm.c`).
struct ImplicitGEMM: Sendable {
    /// [batch, height, width] of the result.
    var output: [Int]
    /// [height, width] of an image.
    var size = [1, 1]
    var strides = [1, 1]
    var paddingBefore = [0, 0]
    /// Whether windows reach beyond the image.
    var hasPadding = false
    /// The strides of an image, a row and a column, in elements.
    var imageStrides: [Int]
    /// The runs of contiguous elements that a window covers, and their length.
    var runs: [strata_window_run]
    var runLength: Int
    var filters: Int
    var activation: Activation?

    /// A convolution of an image with channels in blocks.
    init(_ problem: ConvolutionProblem, block: Int, _ activation: Activation?) {
        let (image, window) = (problem.image, problem.convolution.window)
        let (height, width, channels) = (image[1], image[2], image[3])
        output = Array(problem.output.prefix(3))
        size = [height, width]
        strides = window.strides
        hasPadding = problem.hasPadding
        paddingBefore = problem.paddingBefore
        imageStrides = [height * width * channels, width * block, block]
        var runs: [strata_window_run] = []
        for y in 0..<window.size[0] {
            for x in 0..<window.size[1] {
                let (down, across) = (y * window.dilations[0], x * window.dilations[1])
                for plane in 0..<channels / block {
                    let offset = (plane * height + down) * imageStrides[1] + across * block
                    runs.append(
                        strata_window_run(
                            offset: Int64(offset), down: Int64(down), across: Int64(across)))
                }
            }
        }
        filters = problem.kernel[3]
        self.activation = activation
        (self.runs, runLength) = ImplicitGEMM.split(runs, length: block)
    }

    /// An inner product of rows.
    init(rows: [Int], filters: Int, _ activation: Activation?) {
        output = [rows[0], 1, 1]
        imageStrides = [rows[1], 0, 0]
        self.filters = filters
        self.activation = activation
        (runs, runLength) = ImplicitGEMM.split(
            [strata_window_run(offset: 0, down: 0, across: 0)], length: rows[1])
    }

    /// Runs divided into equal ones where they are too long.
    private static func split(
        _ runs: [strata_window_run], length: Int
    ) -> ([strata_window_run], Int) {
        let shorter =
            (1...min(length, Int(STRATA_MAX_RUN_LENGTH))).last { length % $0 == 0 } ?? length
        let result = runs.flatMap { whole in
            stride(from: 0, to: length, by: shorter).map { begin in
                var run = whole
                run.offset += Int64(begin)
                return run
            }
        }
        return (result, shorter)
    }

    /// Whether weights are so many that they are prefetched from memory.
    static func prefetches(weights: [Int]) -> Bool {
        weights.reduce(1, *) >= Int(STRATA_PREFETCHED_WEIGHTS)
    }

    static func supports(filters: Int) -> Bool {
        Processor.hasAVX512 && filters % Int(STRATA_PACKED_FILTERS) == 0
    }

    /// The layout of packed weights, with the axes in the graph's order and the last one split.
    var weights: MemoryDescriptor {
        get throws(EngineError) {
            let block = Int(STRATA_PACKED_FILTERS)
            return try .plain([filters / block, runs.count * runLength, block], .float32)
                .permuted([1, 0, 2])
        }
    }
}
