internal import COneDNN
internal import StrataGraph

/// A convolution of certain shapes, and the algorithms for it.
struct ConvolutionProblem {
    var convolution: Convolution
    var image: [Int]
    var kernel: [Int]
    var output: [Int]
    var dtype: DType

    /// What is made with the best algorithm that oneDNN has for it.
    func firstOf(
        _ make: (dnnl_alg_kind_t) throws(EngineError) -> PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        if winogradPays, let result = try? make(dnnl_convolution_winograd) { return result }
        return try make(dnnl_convolution_direct)
    }

    /// Whether a product with the image's patches is faster than the direct kernel.
    ///
    /// AMX multiplies so fast that longer rows pay, where the patches are needed for the gradient anyway.
    func multipliesPatches(insteadOf direct: PrimitiveDescriptor, isTraining: Bool) -> Bool {
        guard hasPatches, overlap <= 2.5, !hasFewPlaces else { return false }
        return output[2] <= (isTraining && direct.usesAMX ? 8 : 4)
    }

    /// Whether a product with the windows where they lie is faster in a prediction: for a few images.
    ///
    /// Short rows without edges; and any places so few that the weights take the time, which come from far
    /// memory while others are multiplied.
    var multipliesWindows: Bool {
        guard image.count == 4, convolution.groups == 1, dtype == .float32, !winogradPays,
            ImplicitGEMM.supports(filters: kernel[3])
        else { return false }
        if places <= 64, ImplicitGEMM.prefetches(weights: kernel) { return true }
        return hasPatches && !hasPadding && output[2] <= 8
            && places < (output[2] <= 4 ? 256 : 128)
    }

    /// The same for the gradient of the kernel; AMX's kernels transpose both their sources on the way.
    func multipliesPatchesForKernel(insteadOf direct: PrimitiveDescriptor) -> Bool {
        hasPatches && (!hasPadding || direct.usesAMX)
            && output[2] <= (dtype == .bfloat16 ? 8 : 4)
    }

    /// The same for the gradient of the image, whose patches' gradients are added up at their places.
    ///
    /// With AMX the direct kernels for steps over places are slow on any row.
    func sumsPatches(insteadOf direct: PrimitiveDescriptor) -> Bool {
        hasPatches && overlap <= 2.5
            && (output[2] <= 4
                || (direct.usesAMX && convolution.window.strides.contains { $0 > 1 }))
    }

    /// Whether vectors of channels would be half empty, so that loops over interleaved images are faster.
    ///
    /// Not where one side is wide: other layers have that one in blocks, and bringing it there and back
    /// takes what is won.
    var isNarrow: Bool {
        let window = convolution.window
        guard dtype == .float32, image.count == 3 || image.count == 4, convolution.groups == 1,
            image[0] % MemoryDescriptor.batchBlock == 0,
            (window.strides + window.dilations).allSatisfy({ $0 == 1 })
        else { return false }
        let (channels, filters) = (kernel[kernel.count - 2], kernel[kernel.count - 1])
        return max(channels, filters) <= 16 && (filters <= 10 || (4...10).contains(channels))
    }

    /// Whether Winograd's algorithm of our own, for 3 × 3 in steps of 2, is faster.
    ///
    /// Making and adding up the tiles' numbers takes what is won where channels are few; where they are many,
    /// the kernel's factors do not stay in the second-level cache. Threads divide the images.
    var multipliesTiles: Bool {
        let window = convolution.window
        guard Processor.hasAVX512, dtype == .float32, image.count == 4,
            convolution.groups == 1, window.size == [3, 3], window.strides == [2, 2],
            window.dilations == [1, 1], output[1] > 1, output[2] > 1
        else { return false }
        let channels = [kernel[2], kernel[3]]
        let tiles = output[1...2].map(StridedWinograd.tileCount).reduce(output[0], *)
        return output[0] >= Threads.count && tiles >= 64
            && (2048...16384).contains(channels[0] * channels[1])
            && channels.allSatisfy { $0 >= 32 && StridedWinograd.supports(block: $0) }
    }

    /// Padding before each spatial axis.
    var paddingBefore: [Int] {
        (0..<convolution.window.rank).map {
            convolution.window.margins($0, length: image[$0 + 1]).low
        }
    }

    private var places: Int { output[0] * output[1] * output[2] }

    private var hasFewPlaces: Bool { places < 256 }

    var hasPadding: Bool {
        (0..<convolution.window.rank).contains { axis in
            let margins = convolution.window.margins(axis, length: image[axis + 1])
            return margins.low > 0 || margins.high > 0
        }
    }

    private var hasPatches: Bool {
        image.count == 4 && convolution.groups == 1 && kernel[0] * kernel[1] > 1
    }

    /// In how many patches a place of the image lies: of many, making or adding up the patches takes longer
    /// than is won.
    private var overlap: Double {
        Double(output[1] * output[2] * kernel[0] * kernel[1]) / Double(image[1] * image[2])
    }

    /// Whether F(4 × 4, 3 × 3) is likely faster: it takes a quarter of the products, and passes over the
    /// tiles before and after (Lavin and Gray, 2015, arXiv:1509.09308).
    ///
    /// On two cores with AVX-512 it takes 0.4 to 0.65 of the direct kernels' time where channels fill
    /// whole vectors, tiles hold few places beyond the image's edge, and there are enough of them; its
    /// error against float64 is that of the direct sums within a factor of two.
    var winogradPays: Bool {
        guard dtype == .float32, image.count == 4, convolution.groups == 1,
            convolution.window.size == [3, 3], convolution.window.strides == [1, 1],
            convolution.window.dilations == [1, 1], kernel[2] >= 16, kernel[3] >= 16
        else { return false }
        let tiles = output[1...2].reduce(1) { $0 * (($1 + 3) / 4) }
        let filled = Double(output[1] * output[2]) / Double(16 * tiles)
        return filled >= 0.6 && output[0] * tiles >= 12
    }
}
