internal import StrataGraph

extension ConvolutionProblem {
    private typealias Limit = ConvolutionThresholds

    /// Whether an algorithm is likely the fastest, of those that come after it in the list.
    func suitability(
        of algorithm: ConvolutionAlgorithm, usesAMX: () throws(EngineError) -> Bool
    ) throws(EngineError) -> Suitability {
        switch algorithm {
        case .batchBlocked: batchBlocked
        case .implicitGEMM: implicitGEMM
        case .stridedWinograd: stridedWinograd
        case .im2col:
            switch pass {
            case .forward: try im2colForward(usesAMX)
            case .dataGradient: try im2colDataGradient(usesAMX)
            case .weightsGradient: try im2colWeightsGradient(usesAMX)
            }
        case .winograd: winograd
        case .direct: .always
        }
    }

    /// Not where one side is wide: other layers have that one in blocks of channels, and the reorders take what is
    /// gained.
    private var batchBlocked: Suitability {
        let window = convolution.window
        guard Processor.hasAVX512 else { return .no("needs AVX-512") }
        guard dtype == .float32 else { return .no("float32 only") }
        guard image.count <= 4 else { return .no("1D and 2D only") }
        guard convolution.groups == 1 else { return .no("has groups") }
        guard image[0] % MemoryDescriptor.batchBlock == 0 else {
            return .no("a batch of \(image[0]) is no multiple of \(MemoryDescriptor.batchBlock)")
        }
        guard (window.strides + window.dilations).allSatisfy({ $0 == 1 }) else {
            return .no("strides and dilations of 1 only")
        }
        guard max(channels, filters) <= Limit.batchBlockedChannels,
            Limit.batchBlockedFilters.contains(filters)
                || Limit.batchBlockedInputChannels.contains(channels)
        else { return .no("\(channels) channels, \(filters) filters") }
        if isBesideNormalization { return .no("batch normalization needs contiguous channels") }
        return .yes("\(channels) channels and \(filters) filters would leave vectors half empty")
    }

    private var implicitGEMM: Suitability {
        if isTraining { return .no("predictions only") }
        guard Processor.hasAVX512 else { return .no("needs AVX-512") }
        guard is2D else { return .no("2D only") }
        guard convolution.groups == 1 else { return .no("has groups") }
        guard dtype == .float32 else { return .no("float32 only") }
        if winograd.suits { return .no("Winograd takes fewer products") }
        guard ImplicitGEMM.supports(filters: filters) else {
            return .no("\(filters) filters")
        }
        if pixels <= Limit.implicitGEMMPixels, ImplicitGEMM.prefetches(weights: kernel) {
            return .yes("\(pixels) pixels, \(kernel.reduce(1, *)) weights to prefetch")
        }
        let most =
            row <= Limit.im2colRow
            ? Limit.implicitGEMMPixelsInShortRows : Limit.implicitGEMMPixelsInRows
        guard hasSpatialKernel, !hasPadding, row <= Limit.implicitGEMMRow, pixels < most else {
            return .no("\(pixels) pixels in rows of \(row)\(hasPadding ? ", with padding" : "")")
        }
        return .yes("\(pixels) pixels in rows of \(row)")
    }

    /// Threads divide the images.
    private var stridedWinograd: Suitability {
        let window = convolution.window
        guard Processor.hasAVX512 else { return .no("needs AVX-512") }
        guard dtype == .float32 else { return .no("float32 only") }
        guard is2D, window.size == [3, 3], window.strides == [2, 2], window.dilations == [1, 1],
            convolution.groups == 1
        else { return .no("3 × 3 with strides of 2 only") }
        guard output[1] > 1, output[2] > 1 else { return .no("a single row or column") }
        if addsTensor { return .no("adds a tensor") }
        guard [nil, .relu].contains(activation) else { return .no("no activation but ReLU") }
        guard output[0] >= Threads.count, stridedWinogradTiles >= Limit.stridedWinogradTiles else {
            return .no("\(output[0]) images, \(stridedWinogradTiles) tiles")
        }
        guard Limit.stridedWinogradWeights.contains(channels * filters),
            [channels, filters].allSatisfy({
                $0 >= Limit.stridedWinogradChannels && StridedWinograd.supports(block: $0)
            })
        else { return .no("\(channels) channels, \(filters) filters") }
        return .yes("\(stridedWinogradTiles) tiles, \(channels) channels, \(filters) filters")
    }

    /// What an im2col of any pass needs; `nil` for a suitable one.
    private var im2colObstacle: String? {
        if !is2D { return "2D only" }
        if convolution.groups != 1 { return "has groups" }
        return hasSpatialKernel ? nil : "1 × 1"
    }

    /// With AMX longer rows pay where the gradient needs the columns anyway.
    private func im2colForward(_ usesAMX: () throws(EngineError) -> Bool) throws(EngineError)
        -> Suitability
    {
        if let im2colObstacle { return .no(im2colObstacle) }
        if addsTensor { return .no("adds a tensor") }
        guard overlap <= Limit.im2colOverlap else { return .no("windows overlap") }
        guard pixels >= Limit.im2colPixels else { return .no("\(pixels) pixels") }
        guard row <= Limit.im2colLongRow else { return .no("rows of \(row)") }
        if row <= Limit.im2colRow { return .yes("rows of \(row)") }
        if isTraining, try usesAMX() { return .yes("rows of \(row), with AMX") }
        return .no("rows of \(row)")
    }

    /// With AMX the direct kernels for strides are slow on rows of any length.
    private func im2colDataGradient(_ usesAMX: () throws(EngineError) -> Bool)
        throws(EngineError) -> Suitability
    {
        if let im2colObstacle { return .no(im2colObstacle) }
        guard overlap <= Limit.im2colOverlap else { return .no("windows overlap") }
        if row <= Limit.im2colRow { return .yes("rows of \(row)") }
        if convolution.window.strides.contains(where: { $0 > 1 }), try usesAMX() {
            return .yes("strides with AMX")
        }
        return .no("rows of \(row)")
    }

    /// AMX's direct kernels transpose both their sources on the way.
    private func im2colWeightsGradient(_ usesAMX: () throws(EngineError) -> Bool)
        throws(EngineError) -> Suitability
    {
        if let im2colObstacle { return .no(im2colObstacle) }
        let longest = dtype == .bfloat16 ? Limit.im2colLongRow : Limit.im2colRow
        guard row <= longest else { return .no("rows of \(row)") }
        if hasPadding, try !usesAMX() { return .no("has padding") }
        return .yes("rows of \(row)")
    }

    /// A quarter of the products, and passes over the tiles before and after.
    ///
    /// On two cores with AVX-512 it takes 0.4 to 0.65 of the direct kernels' time where channels fill whole
    /// vectors, tiles have few pixels beyond the image's edge, and there are enough of them; its error against
    /// float64 is that of the direct sums within a factor of two.
    var winograd: Suitability {
        let window = convolution.window
        guard dtype == .float32 else { return .no("float32 only") }
        guard is2D, convolution.groups == 1, window.size == [3, 3], window.strides == [1, 1],
            window.dilations == [1, 1]
        else { return .no("3 × 3 with strides of 1 only") }
        guard min(channels, filters) >= Limit.winogradChannels else {
            return .no("\(channels) channels, \(filters) filters")
        }
        guard winogradFill >= Limit.winogradFill else { return .no("tiles beyond the edges") }
        guard winogradTiles >= Limit.winogradTiles else { return .no("\(winogradTiles) tiles") }
        return .yes("\(winogradTiles) tiles")
    }
}
