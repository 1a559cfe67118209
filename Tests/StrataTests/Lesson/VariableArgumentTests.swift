import Testing

@testable import Strata

/// Arguments may be variables wherever they may be literals: a number, an array, or a tuple.
@Suite struct `Variables as arguments` {
    private static let image = Shape([12, 12, 4])

    private func shape(_ layer: Layer, _ input: Shape = image) -> Shape {
        let output = layer(Input(shape: input))
        #expect(output.error == nil, "\(output)")
        return output.shape
    }

    /// The layers are all the same, in whatever form the argument was given.
    private func expectSame(_ layers: [Layer], _ input: Shape, _ output: Shape) {
        for layer in layers { #expect(shape(layer, input) == output) }
        let configs = layers.map { layer in layer.config }
        #expect(configs.allSatisfy { $0 == configs.first })
    }

    @Test func `convolutions of one axis take sizes in every form`() {
        let (size, sizes) = (3, [3])
        expectSame(
            [
                Conv1D(8, 3, strides: 2), Conv1D(8, kernelSize: 3, strides: 2),
                Conv1D(8, size, strides: size - 1), Conv1D(8, sizes, strides: [2]),
                Conv1D(size + 5, kernelSize: sizes, strides: SpatialSize([2])),
            ], [12, 4], [nil, 5, 8])
        expectSame(
            [
                Conv1DTranspose(8, 3), Conv1DTranspose(8, kernelSize: size),
                Conv1DTranspose(8, sizes),
            ], [12, 4], [nil, 14, 8])
        expectSame(
            [
                DepthwiseConv1D(3), DepthwiseConv1D(kernelSize: size), DepthwiseConv1D(sizes),
            ], [12, 4], [nil, 10, 4])
        expectSame(
            [
                SeparableConv1D(8, 3), SeparableConv1D(8, kernelSize: size),
                SeparableConv1D(8, sizes),
            ], [12, 4], [nil, 10, 8])
    }

    @Test func `convolutions of two axes take sizes in every form`() {
        let (size, sizes, pair) = (3, [3, 3], (3, 3))
        expectSame(
            [
                Conv2D(8, 3, strides: 2), Conv2D(8, kernelSize: 3, strides: 2),
                Conv2D(8, [3, 3], strides: 2), Conv2D(8, (3, 3), strides: (2, 2)),
                Conv2D(8, size, strides: (size - 1, 2)), Conv2D(8, sizes, strides: [2, size - 1]),
                Conv2D(8, pair, strides: 2, padding: .valid), Conv2D(8, (size, size), strides: 2),
                Conv2D(8, kernelSize: pair, strides: 2, dilationRate: (1, 1)),
            ], Self.image, [nil, 5, 5, 8])
        expectSame(
            [
                Conv2DTranspose(8, 3, strides: 2, outputPadding: 1),
                Conv2DTranspose(8, kernelSize: sizes, strides: (2, 2), outputPadding: [1, 1]),
                Conv2DTranspose(8, (3, size), strides: [2, 2], outputPadding: (1, 1)),
            ], Self.image, [nil, 26, 26, 8])
        expectSame(
            [
                DepthwiseConv2D(3), DepthwiseConv2D(kernelSize: (3, 3)), DepthwiseConv2D(sizes),
                DepthwiseConv2D((size, 3), dilationRate: (1, 1)),
            ], Self.image, [nil, 10, 10, 4])
        expectSame(
            [
                SeparableConv2D(8, 3), SeparableConv2D(8, kernelSize: (3, 3)),
                SeparableConv2D(8, sizes), SeparableConv2D(8, (size, size), strides: (1, 1)),
            ], Self.image, [nil, 10, 10, 8])
    }

    @Test func `convolutions of three axes take sizes in every form`() {
        let (size, sizes) = (3, [3, 3, 3])
        expectSame(
            [
                Conv3D(8, 3), Conv3D(8, kernelSize: 3), Conv3D(8, (3, 3, 3)), Conv3D(8, sizes),
                Conv3D(8, (size, size, size), strides: (1, 1, 1)), Conv3D(8, kernelSize: size),
            ], [5, 6, 7, 2], [nil, 3, 4, 5, 8])
        expectSame(
            [
                Conv3DTranspose(8, 3), Conv3DTranspose(8, (3, 3, 3)),
                Conv3DTranspose(8, kernelSize: sizes),
            ], [5, 6, 7, 2], [nil, 7, 8, 9, 8])
    }

    @Test func `a constant initializer takes a variable of either precision`() {
        let (double, single) = (0.5, Float(0.5))
        #expect(Constant(double).config == ["value": 0.5])
        let both: [Constant] = [.constant(double), .constant(single), .constant(0.5)]
        #expect(both.map(\.value) == [0.5, 0.5, 0.5])
    }

    @Test func `pooling takes sizes in every form`() {
        let (size, sizes, pair) = (2, [2, 2], (2, 2))
        expectSame(
            [
                MaxPooling2D(), MaxPooling2D(2), MaxPooling2D(poolSize: 2), MaxPooling2D((2, 2)),
                MaxPooling2D([2, 2], strides: 2), MaxPooling2D(poolSize: (2, 2), strides: (2, 2)),
                MaxPooling2D(size), MaxPooling2D(sizes), MaxPooling2D(pair, strides: size),
                MaxPool2D(poolSize: sizes, strides: pair),
            ], Self.image, [nil, 6, 6, 4])
        expectSame(
            [AveragePooling2D(size), AvgPool2D(poolSize: pair), AveragePooling2D(sizes)],
            Self.image, [nil, 6, 6, 4])
        expectSame(
            [
                MaxPooling1D(), MaxPooling1D(poolSize: size), MaxPool1D([2], strides: 2),
            ], [12, 4], [nil, 6, 4])
        expectSame(
            [AveragePooling1D(size), AvgPool1D(poolSize: 2, strides: size)], [12, 4], [nil, 6, 4])
        expectSame(
            [
                MaxPooling3D(), MaxPooling3D((2, 2, 2)), MaxPool3D(poolSize: size),
            ], [4, 4, 4, 2], [nil, 2, 2, 2, 2])
        expectSame(
            [AveragePooling3D(size), AvgPool3D(poolSize: (2, 2, size))], [4, 4, 4, 2],
            [nil, 2, 2, 2, 2])
        expectSame(
            [
                AdaptiveAveragePooling2D(3), AdaptiveAveragePooling2D((3, 3)),
                AdaptiveAveragePooling2D([3, size + 1]),
            ], Self.image, [nil, 3, 3, 4])
        expectSame(
            [AdaptiveMaxPooling2D(size), AdaptiveMaxPooling2D(pair)], Self.image, [nil, 2, 2, 4])
    }

    @Test func `layers that change shapes take them in every form`() {
        let (one, rows, shape) = (1, [1, 2], [6, -1])
        expectSame(
            [ZeroPadding2D(), ZeroPadding2D(one), ZeroPadding2D((1, 1)), ZeroPadding2D([1, one])],
            Self.image, [nil, 14, 14, 4])
        expectSame(
            [
                ZeroPadding2D(((1, 2), (0, 3))), ZeroPadding2D([[1, 2], [0, 3]]),
                ZeroPadding2D([rows, [0, 3]]),
            ], Self.image, [nil, 15, 15, 4])
        expectSame(
            [ZeroPadding1D((1, 2)), ZeroPadding1D([1, 2]), ZeroPadding1D(rows)], [12, 4],
            [nil, 15, 4])
        expectSame(
            [
                ZeroPadding3D((1, 1, 1)), ZeroPadding3D(one),
                ZeroPadding3D(((1, 1), (1, 1), (one, 1))),
            ], [2, 2, 2, 1], [nil, 4, 4, 4, 1])
        expectSame(
            [
                Cropping2D(((1, 2), (0, 3))), Cropping2D([[1, 2], [0, 3]]),
                Cropping2D([rows, [0, 3]]),
            ], Self.image, [nil, 9, 9, 4])
        expectSame([Cropping1D((1, 2)), Cropping1D(rows)], [12, 4], [nil, 9, 4])
        expectSame([Cropping3D(one), Cropping3D((1, 1, 1))], [3, 3, 3, 1], [nil, 1, 1, 1, 1])
        expectSame(
            [UpSampling2D(), UpSampling2D((2, 2)), UpSampling2D([2, one + 1])], Self.image,
            [nil, 24, 24, 4])
        expectSame([UpSampling1D(one + 1)], [12, 4], [nil, 24, 4])
        expectSame([UpSampling3D((2, 2, 2))], [2, 2, 2, 1], [nil, 4, 4, 4, 1])
        expectSame(
            [Reshape([6, -1]), Reshape(shape), Reshape((6, -1)), Reshape((one * 6, -1))],
            Self.image,
            [nil, 6, 96])
        expectSame([Reshape(576), Reshape([one * 576])], Self.image, [nil, 576])
        expectSame([Permute((2, 1)), Permute([2, one])], [3, 4], [nil, 4, 3])
        expectSame(
            [LayerNormalization(axis: [1, 2]), LayerNormalization(axis: (one, 2))], [3, 4],
            [nil, 3, 4])
    }

    @Test func `an input takes the shape of an array, and a tuple`() {
        let x = Tensor(repeating: 0, shape: [2, 28, 28, 1])
        let (width, open): (Int, [Int?]) = (784, [nil, nil, 3])
        #expect(Input(shape: x[0].shape).shape == [nil, 28, 28, 1])
        #expect(Input(shape: Shape(x[0].shape)).shape == [nil, 28, 28, 1])
        #expect(Input(shape: (28, 28, 1)).shape == [nil, 28, 28, 1])
        #expect(Input(shape: (nil, nil, 3)).shape == [nil, nil, nil, 3])
        #expect(Input(shape: open).shape == [nil, nil, nil, 3])
        #expect(Input(shape: (width)).shape == [nil, 784])
        #expect(Input(shape: [width]).shape == [nil, 784])
        #expect(Input(shape: (width, 3)).shape == [nil, 784, 3])
        #expect(Input(shape: (2, 3, 4, 5), batchSize: width).shape == [784, 2, 3, 4, 5])
    }

    @Test(arguments: [0.1, 0.2])
    func `rates and factors are variables of type Double`(rate: Double) throws {
        let single = Float(rate)
        let layers: [Layer] = [
            Dropout(rate), GaussianDropout(rate), GaussianNoise(rate), AlphaDropout(rate),
            SpatialDropout2D(rate), LeakyReLU(negativeSlope: rate), ELU(alpha: rate),
            ReLU(maxValue: rate, negativeSlope: rate, threshold: rate),
            BatchNormalization(momentum: rate, epsilon: rate), LayerNormalization(epsilon: rate),
            GroupNormalization(groups: 2, epsilon: rate), RMSNormalization(epsilon: rate),
            Rescaling(rate, offset: -rate), Rescaling([rate, rate, rate, 1]),
            ActivityRegularization(l1: rate, l2: rate), Masking(maskValue: rate),
            RandomRotation(rate), RandomRotation((-rate, rate)), RandomRotation([-rate, rate]),
            RandomRotation(-rate...rate), RandomRotation(single),
            RandomZoom(rate), RandomZoom((-rate, rate), rate), RandomTranslation(rate, (0, rate)),
            RandomBrightness(rate), RandomContrast(rate), RandomSaturation(rate), RandomHue(rate),
            RandomShear(xFactor: rate, yFactor: (0, rate)), RandomGrayscale(rate),
            RandomErasing(rate, scale: (0.02, rate)), CutMix(rate), MixUp(alpha: rate),
            RandomGaussianBlur(rate, kernelSize: (3, 3), sigma: rate),
            RandomColorJitter(brightnessFactor: rate, hueFactor: (-rate, rate)),
            Dense(
                2, kernelRegularizer: .l2(rate), biasRegularizer: .l1(rate),
                activityRegularizer: .l1l2(l1: rate, l2: rate), kernelConstraint: .maxNorm(rate)),
            Dense(
                2, kernelInitializer: .randomNormal(stddev: rate),
                biasInitializer: .constant(rate)),
        ]
        for layer in layers {
            let input: Shape =
                layer is RandomSaturation || layer is RandomHue ? [8, 8, 3] : [8, 8, 4]
            _ = layer(Input(shape: input))
        }
        #expect(Dropout(rate).config["rate"] == .number(rate))
        let losses: [any Loss] = [
            .huber(delta: rate), .categoricalCrossentropy(labelSmoothing: rate),
            .binaryCrossentropy(labelSmoothing: rate), .tversky(alpha: rate),
            .binaryFocalCrossentropy(alpha: rate, gamma: rate),
        ]
        let metrics: [any Metric] = [
            .binaryAccuracy(threshold: rate), Precision(thresholds: [rate]),
            AUC(thresholds: [rate]),
            F1Score(threshold: rate), BinaryIoU(threshold: rate),
        ]
        #expect(losses.count + metrics.count == 10)
    }

    @Test(arguments: [1e-3, 1e-2])
    func `every optimizer takes a learning rate as a number, a variable or a schedule`(
        rate: Double
    ) {
        let single = Float(rate)
        let optimizers: [any Optimizer] = [
            Adam(learningRate: rate, beta1: rate, beta2: rate, epsilon: rate),
            AdamW(learningRate: rate, weightDecay: rate), Adamax(learningRate: rate),
            Adadelta(learningRate: rate, rho: rate), Adafactor(learningRate: rate),
            Adagrad(learningRate: rate), Ftrl(learningRate: rate, beta: rate),
            Lamb(learningRate: rate), Lion(learningRate: rate, beta1: rate),
            Muon(learningRate: rate), Nadam(learningRate: rate),
            RMSprop(learningRate: rate, rho: rate, momentum: rate),
            SGD(learningRate: rate, momentum: rate), SGD(learningRate: single),
            SGD(learningRate: LearningRate.constant(single)), SGD(learningRate: .constant(rate)),
            SGD(
                learningRate: rate,
                options: OptimizerOptions(weightDecay: rate, clipnorm: rate, emaMomentum: rate)),
        ]
        for optimizer in optimizers { #expect(optimizer.learningRate.value(step: 0) == single) }
        let schedules: [any LearningRateConvertible] = [
            CosineDecay(rate, decaySteps: 10, alpha: rate),
            ExponentialDecay(rate, decaySteps: 10, decayRate: rate),
            InverseTimeDecay(rate, decaySteps: 10, decayRate: rate),
            PolynomialDecay(rate, decaySteps: 10, endLearningRate: rate),
            CosineDecayRestarts(rate, firstDecaySteps: 10),
            PiecewiseConstantDecay(boundaries: [1], values: [rate, rate / 2]),
        ]
        for schedule in schedules {
            #expect(SGD(learningRate: schedule).learningRate.value(step: 0) == single)
        }
        #expect(
            Adam(learningRate: ExponentialDecay(rate, decaySteps: 1, decayRate: 0.5)).learningRate
                .value(step: 1) == single / 2)
        #expect(SGD(learningRate: 1).learningRate.value(step: 0) == 1)
    }

    @Test func `what a number was written as is what a file says`() {
        let tenth = 0.1
        #expect(Adam(beta1: 0.9, epsilon: tenth).config["epsilon"] == 0.1)
        #expect(BatchNormalization(momentum: tenth * 9.9).config["momentum"] == 0.99)
        // Keras holds the rate as a variable in float32.
        #expect(Adam().config["learning_rate"] == 0.001_000_000_047_497_451_3)
    }

    @Test func `short names are those of Keras, and what is logged is called so`() throws {
        let losses: [any Loss] = [.mse, .mae, .mape, .msle, .bce, .kld]
        #expect(losses.map(\.name) == ["mse", "mae", "mape", "msle", "bce", "kld"])
        let metrics: [any Metric] = [.mse, .mae, .mape, .msle, .bce, .acc]
        #expect(metrics.map(\.name) == ["mse", "mae", "mape", "msle", "bce", "acc"])
        let model = try Sequential {
            Input(shape: [2]); Dense(1)
        }
        try model.compile(optimizer: .adam, loss: .mse, metrics: [.mae, .precision])
        let logs = try model.trainOnBatch(
            Tensor(repeating: 1, shape: [4, 2]), Tensor(repeating: 0, shape: [4, 1]))
        #expect(Set(logs.keys) == ["loss", "mae", "precision"])
    }

    @Test func `rates may be Float, and files hold what was written`() {
        let (single, double): (Float, Double) = (0.2, 0.2)
        expectSame([Dropout(single), Dropout(double), Dropout(0.2)], [4], [nil, 4])
        expectSame([GaussianDropout(single), GaussianDropout(0.2)], [4], [nil, 4])
        expectSame([GaussianNoise(single), GaussianNoise(0.2)], [4], [nil, 4])
        expectSame([SpatialDropout1D(single), SpatialDropout1D(0.2)], [4, 2], [nil, 4, 2])
        expectSame(
            [SpatialDropout2D(single), SpatialDropout2D(0.2)], Self.image, [nil, 12, 12, 4])
        expectSame(
            [LeakyReLU(negativeSlope: single), LeakyReLU(negativeSlope: 0.2)], [4], [nil, 4])
        expectSame([ELU(alpha: single), ELU(alpha: 0.2)], [4], [nil, 4])
        expectSame([Dropout(0), Dropout(0.0)], [4], [nil, 4])
        #expect(Dropout(single).config["rate"] == 0.2)
    }

    @Test func `axes may be variables in operations and in Normalization`() {
        let (last, both) = (-1, [1, 2])
        let x = Input(shape: [3, 4])
        #expect(Ops.sum(x, axis: last).shape == [nil, 3])
        #expect(Ops.mean(x, axis: both).shape == [nil])
        #expect(Ops.max(x, axis: [1, 2]).shape == [nil] && Ops.max(x, axis: nil).shape == [])
        #expect(Ops.logsumexp(x, axis: last, keepDimensions: true).shape == [nil, 3, 1])
        #expect(Ops.moments(x, axes: both).variance.shape == [nil])
        #expect(Ops.flip(x, axis: last).shape == [nil, 3, 4])
        #expect(Ops.moveaxis(x, source: last, destination: 1).shape == [nil, 4, 3])
        expectSame([Normalization(axis: last), Normalization()], [3, 4], [nil, 3, 4])
        #expect(Normalization(axis: nil).axis == nil)
    }

    @Test func `callbacks know Keras's names of directions`() {
        let modes: [MonitoredQuantity.Mode] = [.auto, .min, .max]
        #expect(modes == [.automatic, .minimum, .maximum])
        #expect(EarlyStopping(monitor: "val_accuracy", mode: .max).monitor.mode == .maximum)
    }

    @Test func `symbolic tensors are calculated with in Double and Float`() {
        let x = Input(shape: [2])
        let (scale, single): (Double, Float) = (0.5, 2)
        for y in [x * scale, scale * x, x / single, x + 1, 1 - x, x * scale + single] {
            #expect(y.shape == [nil, 2])
        }
    }
}
