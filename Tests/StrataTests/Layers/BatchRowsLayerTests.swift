import StrataTestSupport
import Testing

@testable import Strata

/// What layers draw for some rows of a batch, where other processes have the others.
@Suite struct BatchRowsLayerTests {
    /// A layer, and the shape of one of its samples.
    struct Case: Sendable, CustomStringConvertible {
        var description: String
        var sample: [Int]
        var make: @Sendable () -> Layer
        /// Whether all samples are the same.
        var isAlike: Bool

        init(
            _ sample: [Int], isAlike: Bool = false, _ make: @escaping @Sendable () -> Layer
        ) {
            (self.sample, self.isAlike, self.make) = (sample, isAlike, make)
            description = "\(type(of: make()).className) on \(sample)"
        }
    }

    private static let batch = 5
    private static let image = [12, 10, 3]

    private static let regularizations = [
        Case([7]) { Dropout(0.4, seed: 1) }, Case([4, 4, 3]) { Dropout(0.4, seed: 1) },
        Case([7]) { AlphaDropout(0.4, seed: 1) }, Case([7]) { GaussianDropout(0.4, seed: 1) },
        Case([5, 3]) { GaussianNoise(0.4, seed: 1) },
        Case([4, 7]) { SpatialDropout1D(0.4, seed: 1) },
        Case([4, 3, 7]) { SpatialDropout2D(0.4, seed: 1) },
        Case([7, 3, 4]) { SpatialDropout2D(0.4, dataFormat: .channelsFirst, seed: 1) },
        Case([2, 3, 2, 7]) { SpatialDropout3D(0.4, seed: 1) },
        Case([3, 7]) { TimeDistributed(Dropout(0.4, seed: 1)) },
        Case([4, 3]) { Dropout(0.5, noiseShape: [1, 4, 3] as Shape, seed: 1) },
        Case([4, 3]) { Dropout(0.5, noiseShape: [4, 1] as Shape, seed: 1) },
        Case([4, 3]) { Dropout(0.5, noiseShape: [nil, 1, nil] as Shape, seed: 1) },
        Case([4, 3]) { AlphaDropout(0.5, noiseShape: [1, 4, 3] as Shape, seed: 1) },
        Case([4, 3]) { AlphaDropout(0.5, noiseShape: [nil, 4, 1] as Shape, seed: 1) },
    ]

    private static let movements = [
        Case(image) { RandomFlip(seed: 1) }, Case(image) { RandomRotation(0.2, seed: 1) },
        Case(image) { RandomTranslation(0.2, 0.3, seed: 1) },
        Case(image) { RandomZoom(0.3, seed: 1) },
        Case(image) { RandomShear(xFactor: 0.5, yFactor: 0.4, seed: 1) },
        Case(image) { RandomPerspective(1, scale: 0.6, seed: 1) },
        Case(image) { RandomElasticTransform([1, 1], seed: 1) },
        Case(image) { RandomCrop(height: 7, width: 6, seed: 1) },
        Case(image) { RandomErasing([1, 1], seed: 1) },
    ]

    private static let colours = [
        Case(image) { RandomContrast([0.5, 0.5], seed: 1) },
        Case(image) { RandomBrightness(0.5, seed: 1) },
        Case(image) { RandomSaturation([0.2, 0.8], seed: 1) },
        Case(image) { RandomHue([0.3, 1], seed: 1) },
        Case(image) { RandomColorJitter(brightnessFactor: 0.3, hueFactor: 0.5, seed: 1) },
        Case(image) { RandomColorDegeneration([0.2, 0.9], seed: 1) },
        Case(image) { RandomGrayscale(0.5, seed: 1) },
        Case(image) { RandomSharpness(0.9, seed: 1) },
        Case(image) { RandomGaussianBlur([1, 1], sigma: 0.9, seed: 1) },
        Case(image) { Solarization(thresholdFactor: 1, seed: 1) },
        Case(image) { RandomPosterization(5, seed: 1) }, Case(image) { RandomInvert(1, seed: 1) },
        Case(image) { AutoContrast() },
    ]

    /// Equalization takes its histogram over the batch, which is that of any of its rows where all
    /// images are alike; so one operation only, as a second one finds images that are not.
    private static let equalizations = [
        Case(image, isAlike: true) { Equalization() },
        Case(image, isAlike: true) { RandAugment(operationCount: 1, seed: 1) },
        Case(image, isAlike: true) { AugMix(chainDepth: 1, seed: 1) },
    ]

    private static let mixtures = [
        Case(image) { MixUp(alpha: 1, seed: 1) }, Case(image) { CutMix([0.5, 1], seed: 1) },
    ]

    /// The values of each sample of some rows; of the whole batch if no first row is given.
    private func rows(
        _ item: Case, _ range: Range<Int>, isWhole: Bool = false,
        _ results: (Layer, SymbolicTensor, CallContext) -> [SymbolicTensor] = {
            $0.trace([$1], $2)
        }
    ) throws -> [[[Float]]] {
        let size = item.sample.reduce(1, *)
        let values = (range.lowerBound * size..<range.upperBound * size).map {
            Float((item.isAlike ? $0 % size : $0) * 7919 % 256)
        }
        let shape = [range.count] + item.sample
        let layer = item.make()
        let x = SymbolicTensor.input("x", Shape(shape))
        if let error = layer(x).error { throw error }
        let first = SymbolicTensor.input("first", [], dtype: .int32)
        let step = Variable("step", kind: .seed, value: Tensor([Int32(3)], shape: []))
        let context = CallContext(isTraining: true, step: step, firstRow: isWhole ? nil : first)
        var inputs = ["x": Tensor(values, shape: shape)]
        if !isWhole { inputs["first"] = Tensor([Int32(range.lowerBound)], shape: []) }
        // So that the first row is an input even of what does not read it.
        let read = isWhole ? [] : [first.cast(to: .float32)]
        let tensors = results(layer, x, context)
        return try evaluate(tensors + read, inputs: inputs).prefix(tensors.count).map { result in
            let scalars = result.scalars, size = scalars.count / range.count
            return range.map { place in
                let start = (place - range.lowerBound) * size
                return Array(scalars[start..<start + size])
            }
        }
    }

    private static let parts = [0..<2, 2..<5, 0..<1, 1..<5, 4..<5]

    @Test(arguments: regularizations + movements + colours + equalizations)
    func `samples are as in the whole batch`(item: Case) throws {
        let whole = try rows(item, 0..<Self.batch, isWhole: true)[0]
        for part in Self.parts {
            #expect(try rows(item, part)[0] == Array(whole[part]), "\(part)")
        }
    }

    @Test(arguments: mixtures)
    func `an image's own part is as in the whole batch, its partner is one of the rows`(item: Case)
        throws
    {
        func own(_ layer: Layer, _ x: SymbolicTensor, _ context: CallContext) -> [SymbolicTensor] {
            guard let layer = layer as? MixingAugmentation else { return [] }
            let draws = layer.draws(context, x.shape[0] ?? 1)
            _ = draws.permutation()
            let mixed = layer.mixed(x, with: x * 0, draws)
            return [mixed.images, mixed.ownShare]
        }
        let whole = try rows(item, 0..<Self.batch, isWhole: true, own)
        #expect(whole.count == 2)
        for part in Self.parts {
            let found = try rows(item, part, own)
            #expect(found == whole.map { Array($0[part]) }, "\(part)")
        }
        func order(_ layer: Layer, _ x: SymbolicTensor, _ context: CallContext) -> [SymbolicTensor]
        {
            (layer as? MixingAugmentation).map {
                [$0.draws(context, x.shape[0] ?? 1).permutation()]
            } ?? []
        }
        let permutation = try rows(item, 0..<3, isWhole: true, order)[0]
        #expect(permutation.map { $0.reduce(0, +) } == [1, 1, 1])
        #expect(try rows(item, 2..<5, order)[0] == permutation)
    }

    @Test func `all layers that draw are above`() {
        let all =
            Self.regularizations + Self.movements + Self.colours + Self.mixtures
            + Self.equalizations
        let tested = Set(all.map { type(of: $0.make()).className })
        let drawing = LayerRegistry.types.filter {
            $0 is RandomLayer.Type || $0 is ImageAugmentation.Type
        }
        #expect(drawing.map { $0.className }.filter { !tested.contains($0) } == [])
    }
}
