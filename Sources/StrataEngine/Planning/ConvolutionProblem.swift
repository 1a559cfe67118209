internal import StrataGraph

/// A convolution of certain shapes, or one of its gradients: what the choice of an algorithm depends on.
struct ConvolutionProblem: Sendable {
    enum Pass: Sendable {
        case forward
        case dataGradient
        case weightsGradient
    }

    var pass: Pass
    var convolution: Convolution
    /// [batch, spatial…, channels].
    var image: [Int]
    /// [spatial…, channels of a group, filters].
    var kernel: [Int]
    /// [batch, spatial…, filters].
    var output: [Int]
    var dtype: DType
    /// Whether gradients are computed in the plan, too.
    var isTraining: Bool
    /// Whether the graph normalizes batches, which needs contiguous channels.
    var isBesideNormalization = false
    /// Whether a tensor is added to the result.
    var addsTensor = false
    var activation: Activation?

    var channels: Int { kernel[kernel.count - 2] }
    var filters: Int { kernel[kernel.count - 1] }
    /// The pixels of all results.
    var pixels: Int { output.dropLast().reduce(1, *) }
    /// The pixels of a row of results.
    var row: Int { output[output.count - 2] }
    var is2D: Bool { image.count == 4 }

    /// Padding before each spatial axis.
    var paddingBefore: [Int] {
        (0..<convolution.window.rank).map {
            convolution.window.edgePadding($0, length: image[$0 + 1]).before
        }
    }

    var hasPadding: Bool {
        (0..<convolution.window.rank).contains { axis in
            let padding = convolution.window.edgePadding(axis, length: image[axis + 1])
            return padding.before > 0 || padding.after > 0
        }
    }

    /// Whether windows have several pixels.
    var hasSpatialKernel: Bool { kernel.dropLast(2).reduce(1, *) > 1 }

    /// The number of windows that cover a pixel, on average.
    var overlap: Double {
        let windows = output[1] * output[2] * kernel[0] * kernel[1]
        return Double(windows) / Double(image[1] * image[2])
    }

    /// The tiles of 4 × 4 results of oneDNN's Winograd kernels, in all images.
    var winogradTiles: Int { output[0] * output[1...2].reduce(1) { $0 * (($1 + 3) / 4) } }

    /// The fraction of the tiles' results that are inside of the output.
    var winogradFill: Double { Double(pixels) / Double(16 * winogradTiles) }

    /// The tiles of our kernels for strides of 2, in all images.
    var stridedWinogradTiles: Int {
        output[1...2].map(StridedWinograd.tileCount).reduce(output[0], *)
    }
}
