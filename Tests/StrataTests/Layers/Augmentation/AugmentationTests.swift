import StrataTestSupport
import Testing

@testable import Strata

/// What layers draw; what they make of it where nothing is drawn is in ParityTests.
@Suite struct AugmentationTests {
    /// The layer's output in training, for the step of that number.
    private func run(_ layer: Layer, _ images: Tensor, step: Int32 = 0) throws -> Tensor {
        let input = SymbolicTensor.input("x", Shape(images.shape))
        let wired = layer(input)
        if let error = wired.error { throw error }
        let counter = Variable("step", kind: .seed, value: Tensor([step], shape: []))
        let context = CallContext(isTraining: true, step: counter)
        return try evaluate([layer.trace([input], context)[0]], inputs: ["x": images])[0]
    }

    /// Images whose every number is different.
    private func numbered(_ shape: [Int]) -> Tensor {
        let count = shape.reduce(1, *)
        return Tensor((0..<count).map { Float($0) * 255 / Float(count) }, shape: shape)
    }

    private static let all: [@Sendable () -> Layer] = [
        { RandomFlip(seed: 1) }, { RandomRotation(0.2, seed: 1) },
        { RandomTranslation(0.2, 0.3, seed: 1) }, { RandomZoom(0.3, seed: 1) },
        { RandomShear(xFactor: 0.5, yFactor: 0.4, seed: 1) },
        { RandomPerspective(1, scale: 0.6, seed: 1) }, { RandomElasticTransform([1, 1], seed: 1) },
        { RandomContrast([0.5, 0.5], seed: 1) }, { RandomBrightness(0.5, seed: 1) },
        { RandomSaturation([0.2, 0.8], seed: 1) }, { RandomHue([0.3, 1], seed: 1) },
        { RandomColorJitter(brightnessFactor: 0.3, hueFactor: 0.5, seed: 1) },
        { RandomColorDegeneration([0.2, 0.9], seed: 1) }, { RandomGrayscale(0.5, seed: 1) },
        { RandomSharpness(0.9, seed: 1) }, { RandomGaussianBlur([1, 1], sigma: 0.9, seed: 1) },
        { RandomErasing([1, 1], seed: 1) }, { MixUp(alpha: 1, seed: 1) },
        { CutMix([0.5, 1], seed: 1) }, { Solarization(thresholdFactor: 1, seed: 1) },
        { RandomPosterization(5, seed: 1) }, { RandomInvert(1, seed: 1) },
        { RandAugment(seed: 1) }, { AugMix(seed: 1) },
    ]

    @Test(arguments: all.indices)
    func `a seed fixes what is drawn, steps differ, and inference changes nothing`(index: Int)
        throws
    {
        let images = numbered([8, 12, 10, 3])
        let layer = Self.all[index]()
        let first = try run(layer, images)
        #expect(first.shape == images.shape)
        #expect(first.scalars.allSatisfy { $0.isFinite })
        #expect(try run(Self.all[index](), images) == first)
        #expect(try run(Self.all[index](), images, step: 1) != first)
        #expect(first != images)
        let input = SymbolicTensor.input("x", Shape(images.shape))
        let still = layer.trace([input], CallContext(isTraining: false))[0]
        #expect(try evaluate([still], inputs: ["x": images])[0] == images)
    }

    @Test(arguments: all.indices)
    func `channels first is the same images in another order`(index: Int) throws {
        let made = Self.all[index]()
        var config = made.config
        config["data_format"] = "channels_first"
        config["seed"] = 1
        let object = SerializedObject(
            module: "keras.layers", className: type(of: made).className, config: config)
        let other = try LayerRegistry.layer(object, path: "")
        let images = numbered([3, 8, 6, 3])
        let turned = SymbolicTensor.input("x", Shape(images.shape)).transposed([0, 3, 1, 2])
        let context = CallContext(isTraining: true)
        let back = other.trace([turned], context)[0].transposed([0, 2, 3, 1])
        // A layer whose seed files do not hold draws other numbers, so that only the shape is told.
        let result = try evaluate([back], inputs: ["x": images])[0]
        if made is RandomGrayscale {
            #expect(result.shape == images.shape)
        } else {
            #expect(try run(made, images) == result)
        }
    }

    @Test func `about half of the images are flipped, and all others are left`() throws {
        let count = 2000
        let row: [Float] = [1, 2, 3]
        let images = Tensor(
            (0..<count).flatMap { _ in row }, shape: [count, 1, 3, 1])
        let result = try run(RandomFlip(.horizontal, seed: 3), images).scalars
        let rows = (0..<count).map { Array(result[3 * $0..<3 * $0 + 3]) }
        let flipped = rows.filter { $0 == [3, 2, 1] }.count
        #expect(rows.allSatisfy { $0 == [1, 2, 3] || $0 == [3, 2, 1] })
        // Five standard deviations of a binomial distribution: √(2000 / 4) · 5.
        #expect(abs(flipped - count / 2) < 112)
        let both = try run(RandomFlip(seed: 3), numbered([64, 2, 2, 1])).scalars
        for image in 0..<64 {
            let old = numbered([64, 2, 2, 1]).scalars[4 * image..<4 * image + 4]
            let new = both[4 * image..<4 * image + 4]
            #expect(Array(new) == Array(old) || Array(new) == Array(old.reversed()))
        }
    }

    @Test func `all places of a crop are drawn, each as often as the others`() throws {
        let images = numbered([1, 5, 6, 1])
        let layer = RandomCrop(height: 3, width: 4, seed: 5)
        var counts: [Float: Int] = [:]
        for step in 0..<400 {
            let crop = try run(layer, images, step: Int32(step))
            #expect(crop.shape == [1, 3, 4, 1])
            let first = crop.scalars[0]
            counts[first, default: 0] += 1
            // All of the part hangs together: a row down is 6 · 255 / 30 more.
            for (place, value) in crop.scalars.enumerated() {
                let expected = first + Float(place / 4 * 6 + place % 4) * 8.5
                // Numbers up to 255, in which one unit in the last place is 1.5e-5; neighbours differ by 8.5.
                #expect(abs(value - expected) < 1e-3)
            }
        }
        // 3 · 3 places; the mean is 44.4, and five standard deviations are 31.4.
        #expect(counts.count == 9)
        #expect(counts.values.allSatisfy { abs(Double($0) - 44.4) < 32 })
    }

    @Test func `at inference a crop is the largest part in the middle`() throws {
        let images = numbered([1, 4, 6, 1])
        let input = SymbolicTensor.input("x", [1, 4, 6, 1])
        let middle = RandomCrop(height: 4, width: 4)
            .trace([input], CallContext(isTraining: false))[0]
        let result = try evaluate([middle], inputs: ["x": images])[0]
        let rows = (0..<4).flatMap { row in (1..<5).map { images.scalars[row * 6 + $0] } }
        #expect(result.scalars == rows)
    }

    @Test func `brightness is drawn evenly`() throws {
        let count = 4000
        let result = try run(
            RandomBrightness(0.2, seed: 2), Tensor(repeating: 100, shape: [count, 1, 1, 1]))
        let deltas = result.scalars.map { Double($0 - 100) / 255 }
        #expect(deltas.allSatisfy { abs($0) <= 0.2 })
        let mean = deltas.reduce(0, +) / Double(count)
        let variance = deltas.reduce(0) { $0 + $1 * $1 } / Double(count)
        // A uniform distribution of ±0.2 has variance 0.2² / 3, and its square 4 / 45 · 0.2⁴.
        #expect(abs(mean) < 5 * (0.2 * 0.2 / 3 / Double(count)).squareRoot())
        #expect(abs(variance - 0.04 / 3) < 5 * 0.04 * (4.0 / 45 / Double(count)).squareRoot())
    }

    @Test(arguments: [0.2, 1, 3] as [Float])
    func `shares of the beta distribution have its mean and variance`(alpha: Float) throws {
        let count = 4000
        let context = CallContext(isTraining: true)
        let draws = ImageDraws(context: context, stream: 7, batch: count)
        let shares = try evaluate([draws.beta(.constant(alpha))])[0].scalars.map(Double.init)
        #expect(shares.allSatisfy { $0 >= 0 && $0 <= 1 })
        let mean = shares.reduce(0, +) / Double(count)
        let variance = shares.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(count)
        let expected = 1 / (4 * (2 * Double(alpha) + 1))
        #expect(abs(mean - 0.5) < 5 * (expected / Double(count)).squareRoot())
        // The square's own variance is at most a sixteenth.
        #expect(abs(variance - expected) < 5 * 0.25 / Double(count).squareRoot())
    }

    @Test func `a permutation has every image once`() throws {
        let context = CallContext(isTraining: true)
        let draws = ImageDraws(context: context, stream: 7, batch: 50)
        let matrix = try evaluate([draws.permutation()])[0]
        let places = try matrix.argMax().integers
        #expect(matrix.scalars.reduce(0, +) == 50)
        #expect(places.sorted() == Array(0..<50))
        #expect(places != Array(0..<50))
    }

    @Test(arguments: [true, false])
    func `labels are mixed as their images are`(isBlended: Bool) throws {
        // Image i is i all over, and its label is that of class i.
        let count = 12
        let images = Tensor(
            (0..<count).flatMap { Array(repeating: Float($0), count: 64) },
            shape: [count, 8, 8, 1])
        let x = SymbolicTensor.input("x", [12, 8, 8, 1])
        let y = SymbolicTensor.input("y", [12])
        let layer: Layer = isBlended ? MixUp(alpha: 1, seed: 4) : CutMix([1, 1], seed: 4)
        let outputs = layer.trace(
            [x, y.cast(to: .int32).oneHot(count)], CallContext(isTraining: true))
        let results = try evaluate(
            outputs, inputs: ["x": images, "y": Tensor((0..<count).map { Float($0) })])
        #expect(results[1].shape == [count, count])
        for image in 0..<count {
            let label = results[1][image].scalars
            // A sum of at most `count` float32 numbers that is 1.
            #expect(abs(label.reduce(0, +) - 1) < Float(count) * 0x1p-24)
            let mean = results[0][image].scalars.reduce(0, +) / 64
            let expected = label.enumerated().reduce(0) { $0 + Float($1.offset) * $1.element }
            // 64 numbers up to `count` are added: 64 · 2⁻²⁴ of their size.
            #expect(abs(mean - expected) < 64 * 0x1p-24 * Float(count))
        }
        #expect(results[1] != results[1].cast(to: .int32).cast(to: .float32))
    }

    @Test func `noise covers a box of an image, and nothing else`() throws {
        let images = Tensor(repeating: 100, shape: [40, 20, 20, 1])
        let layer = RandomErasing([1, 1], scale: [0.25, 0.25], fillValue: [7], seed: 2)
        let result = try run(layer, images)
        for image in 0..<40 {
            let pixels = result[image].scalars
            // A quarter of the area is half of each side; its corner may lie between pixels.
            #expect(pixels.filter { $0 == 7 }.count == 100)
            #expect(pixels.filter { $0 == 100 }.count == 300)
        }
    }

    private static let refusals: [(sentence: String, layer: @Sendable () -> Layer)] = [
        ("factor is 1.5", { RandomRotation(1.5) }),
        ("factor is [0.1, 2.0]", { RandomHue([0.1, 2]) }),
        ("heightFactor is -1.0", { RandomZoom(-1) }), ("alpha is 0.0", { MixUp(alpha: 0) }),
        ("kernelSize is [2, 2]", { RandomGaussianBlur(kernelSize: 2) }),
        ("interpolation is bicubic", { RandomShear(interpolation: .bicubic) }),
        ("bins is 0", { Equalization(bins: 0) }),
        ("xFactor is -0.5", { RandomShear(xFactor: -0.5) }),
    ]

    @Test(arguments: refusals.indices)
    func `what cannot be is told`(index: Int) throws {
        let output = Self.refusals[index].layer()(Input(shape: [8, 8, 3]))
        #expect(output.error?.problem.sentence == Self.refusals[index].sentence)
    }

    @Test func `colours need three channels`() throws {
        #expect(
            RandomHue(0.5)(Input(shape: [4, 4, 1])).error?.problem.sentence
                == "images have 1 channels, where 3 are needed")
    }

    @Test func `normalization takes mean and variance from data, at once or in batches`() throws {
        let values: [Float] = [1, 10, 3, 20, 5, 60]
        let x = Tensor(values, shape: [3, 2])
        let whole = Normalization()
        try whole.adapt(x)
        let parts = Normalization()
        try parts.adapt(ArraySource(x).batched(2))
        for layer in [whole, parts] {
            #expect(layer.weights.map(\.name) == ["mean", "variance", "count"])
            #expect(try layer.weights[0].value.scalars == [3, 30])
            // ((1 − 3)² + 0 + (5 − 3)²) / 3 and (20² + 10² + 30²) / 3.
            // Batches are joined in some ten operations: 10 · 2⁻²⁴ of the numbers.
            for (variance, exact) in zip(
                try layer.weights[1].value.scalars, [8.0 / 3, 1400.0 / 3] as [Float])
            {
                #expect(abs(variance - exact) < 10 * 0x1p-24 * exact)
            }
        }
        let undone = Normalization(mean: [3, 30], variance: [4, 9], invert: true)
        let input = SymbolicTensor.input("x", [1, 2])
        let result = try evaluate(
            [undone.trace([input], CallContext(isTraining: false))[0]],
            inputs: ["x": Tensor([1, 2], shape: [1, 2])])
        #expect(result[0].scalars == [5, 36])
    }
}
