import Testing

@testable import Strata

/// Models for exchanging with Keras, each with inputs and perhaps targets.
struct ExchangedModel: Sendable, CustomStringConvertible {
    let name: String
    let make: @Sendable () throws -> Model
    let inputs: [[Int]]
    /// The targets of a training step, where the model is compiled.
    var targets: [Tensor] = []

    var description: String { name }

    /// The model with weights that are the same in every run.
    func model() throws -> Model {
        let model = try make()
        try model.setWeights(
            model.weights.enumerated().map { index, weight in
                // A variance must be positive.
                let offset: Float = weight.name.hasSuffix("variance") ? 1 : 0
                return Self.values(weight.shape, seed: index, scale: 0.3, offset: offset)
            })
        return model
    }

    var inputTensors: [Tensor] {
        inputs.enumerated().map { Self.values($1, seed: 100 + $0, scale: 1, offset: 0) }
    }

    private static func values(_ shape: [Int], seed: Int, scale: Float, offset: Float) -> Tensor {
        var generator = RandomGenerator(seed: UInt64(seed))
        return Tensor(
            (0..<shape.reduce(1, *)).map { _ in
                offset + scale * (2 * generator.uniform() - 1)
            }, shape: shape)
    }
}

extension ExchangedModel {
    static let all: [ExchangedModel] =
        fullPaddings + namedTensors + [
            ExchangedModel(
                name: "sequential",
                make: {
                    try Sequential(name: "images") {
                        Input(shape: [12, 12, 2])
                        Rescaling(0.5, offset: -0.25)
                        Conv2D(4, kernelSize: 3, padding: .same, activation: .relu)
                        BatchNormalization()
                        MaxPooling2D()
                        Conv2D(6, kernelSize: 3, strides: 2, useBias: false, name: "second")
                        Activation(.tanh)
                        Dropout(0.25)
                        Flatten()
                        Dense(5, activation: .softmax)
                    }
                }, inputs: [[3, 12, 12, 2]]),
            ExchangedModel(
                name: "normalized",
                make: {
                    let image = Input(shape: [4, 3])
                    let x = Normalization(mean: [1, 2, 3], variance: [1, 4, 0.5])(image)
                    let y = Normalization(axis: [1, 2], name: "learned")(x)
                    return try Model(
                        inputs: image,
                        outputs: Normalization(axis: nil, mean: [2], variance: [3], invert: true)(y)
                    )
                }, inputs: [[2, 4, 3]]),
            ExchangedModel(
                name: "any_size",
                make: {
                    try Sequential {
                        Input(shape: [nil, nil, 1])
                        Conv2D(3, kernelSize: 3, dilationRate: 2)
                        GlobalMaxPooling2D(keepDimensions: true)
                        Reshape([3])
                    }
                }, inputs: [[2, 9, 8, 1]]),
            ExchangedModel(
                name: "signals_and_volumes",
                make: {
                    let signal = Input(shape: [16, 2], name: "signal")
                    let volume = Input(shape: [6, 6, 6, 1], name: "volume")
                    let a = GlobalAveragePooling1D()(
                        AveragePooling1D(2)(
                            Conv1D(4, kernelSize: 3, padding: .causal)(signal)))
                    let b = GlobalAveragePooling3D()(
                        MaxPooling3D()(Conv3D(4, kernelSize: [1, 2, 3])(volume)))
                    let sum = Add()([a, b])
                    return try Model(
                        inputs: [signal, volume],
                        outputs: [Dense(2, name: "first")(sum), Dense(3, name: "second")(a)],
                        name: "two_in_two_out")
                }, inputs: [[2, 16, 2], [2, 6, 6, 6, 1]]),
            ExchangedModel(
                name: "operations",
                make: {
                    let (a, b) = (Input(shape: [4], name: "a"), Input(shape: [4], name: "b"))
                    let sum = (Dense(4, name: "dense")(a) + b).relu() * 2
                    let ratio = (1 - sum) / (b.square() + 1)
                    let end = (-ratio).tanh().maximum(a).power(2).exp() - 0.5
                    return try Model(
                        inputs: [a, b], outputs: [Add(name: "add")([end, a]), end],
                        name: "operations")
                }, inputs: [[3, 4], [3, 4]]),
            operationsOfAllKinds,
            ExchangedModel(
                name: "operations_with_arguments",
                make: {
                    let (a, b) = (
                        Input(shape: [4, 6], name: "a"), Input(shape: [4, 6], name: "b")
                    )
                    let deviations = a - a.mean(axes: [1], keepDimensions: true)
                    let joined = SymbolicTensor.concatenated(
                        [deviations.transposed([0, 2, 1]), a.reshaped([-1, 6, 4])], axis: 1)
                    let chosen = a.greater(than: 0.25).select(a, b)
                    return try Model(
                        inputs: [a, b],
                        outputs: [
                            Dense(3, name: "dense")(joined), chosen.max(axes: [2]),
                            (chosen * b).sum(axes: [1, 2]), a.silu().min(axes: [1]),
                        ], name: "operations_with_arguments")
                }, inputs: [[3, 4, 6], [3, 4, 6]]),
            ExchangedModel(
                name: "nested_and_shared",
                make: {
                    let inner = Input(shape: [4])
                    let block = try Model(
                        inputs: inner,
                        outputs: Add()([inner, Dense(4, activation: .relu, name: "inside")(inner)]),
                        name: "block")
                    let head = try Sequential(name: "head") {
                        Input(shape: [8])
                        Dense(3)
                        Dense(2)
                    }
                    let left = Input(shape: [6], name: "left")
                    let right = Input(shape: [6], name: "right")
                    let shared = Dense(4, name: "shared")
                    // The second call works on what comes late in the model.
                    let a = block(block(shared(left)))
                    let b = block(shared(right))
                    return try Model(
                        inputs: [left, right], outputs: head(Concatenate()([a, b])), name: "outer")
                }, inputs: [[3, 6], [3, 6]]),
            ExchangedModel(
                name: "nested_as_output",
                make: {
                    let inner = Input(shape: [4])
                    let block = try Model(
                        inputs: inner, outputs: [Dense(2)(inner), Dense(3)(inner)], name: "forked")
                    let input = Input(shape: [4])
                    let outputs = block.outputs(of: [input])
                    return try Model(inputs: [input], outputs: [outputs[1], outputs[0]])
                }, inputs: [[3, 4]]),
            ExchangedModel(
                name: "there_and_back",
                make: {
                    let image = Input(shape: [12, 10, 2])
                    let small = SeparableConv2D(4, kernelSize: 3, strides: 2, padding: .same)(image)
                    let large = Conv2DTranspose(
                        4, kernelSize: 3, strides: 2, padding: .same, activation: .relu)(small)
                    let same = DepthwiseConv2D(3, padding: .same, depthMultiplier: 2)(image)
                    let crossed = Average()([Multiply()([large, same]), Maximum()([large, same])])
                    let cut = Cropping2D([[1, 0], [0, 2]])(ZeroPadding2D(1)(crossed))
                    let pooled = AdaptiveAveragePooling2D([3, 2])(cut)
                    let smooth = Reshape([24, 4])(UpSampling2D(interpolation: .bilinear)(pooled))
                    let rows = Reshape([24, 4])(UpSampling2D()(pooled))
                    let turned = Permute([2, 1])(
                        Subtract()([rows, Minimum()([rows, smooth])]))
                    return try Model(
                        inputs: image,
                        outputs: [Dot(axes: (1, 2))([rows, turned]), Add()([cut])])
                }, inputs: [[2, 12, 10, 2]]),
            ExchangedModel(
                name: "frozen",
                make: {
                    let frozen = Dense(4, name: "frozen")
                    frozen.isTrainable = false
                    return try Sequential {
                        Input(shape: [3])
                        frozen
                        Dense(2, kernelRegularizer: L1L2(l2: 0.01))
                    }
                }, inputs: [[2, 3]]),
            ExchangedModel(
                name: "normalizations",
                make: {
                    try Sequential {
                        Input(shape: [6, 6, 4])
                        LayerNormalization(axis: [1, -1])
                        GroupNormalization(groups: -1)
                        PReLU(sharedAxes: [1, 2])
                        BatchNormalization(renormalizing)
                        SpatialDropout2D(0.25)
                        LeakyReLU()
                        RMSNormalization()
                        ELU(alpha: 0.5)
                        UnitNormalization(axis: [1, 2])
                        GaussianNoise(0.1)
                        GaussianDropout(0.1, seed: 3)
                        AlphaDropout(0.1, noiseShape: [nil, 1, 1, 4])
                        ReLU(maxValue: 6, negativeSlope: 0.1)
                        ActivityRegularization(l2: 0.01)
                        Identity()
                        Softmax(axis: [1, 2])
                    }
                }, inputs: [[3, 6, 6, 4]]),
            ExchangedModel(
                name: "wrappers",
                make: {
                    let words = Input(shape: [5])
                    let vectors = Embedding(inputDim: 7, outputDim: 4)(words)
                    let steps = TimeDistributed(Dense(6, activation: .relu))(vectors)
                    let product = EinsumDense(
                        "abc,cde->abde", outputShape: [nil, 2, 3], biasAxes: "e")(steps)
                    let rows = SpectralNormalization(Dense(3), powerIterations: 2)(
                        Flatten()(product))
                    return try Model(inputs: words, outputs: rows)
                }, inputs: [[2, 5]]),
            ExchangedModel(
                name: "model_in_wrapper",
                make: {
                    let film = Input(shape: [3, 6, 6, 1])
                    let frame = try Sequential(name: "frame") {
                        Input(shape: [6, 6, 1])
                        Conv2D(2, kernelSize: 3)
                        BatchNormalization()
                        Flatten()
                        Dense(4)
                    }
                    return try Model(inputs: film, outputs: TimeDistributed(frame)(film))
                }, inputs: [[2, 3, 6, 6, 1]]),
        ]

    private static var renormalizing: BatchNormalization.Arguments {
        var arguments = BatchNormalization.Arguments()
        arguments.renorm = true
        arguments.renormClipping = RenormClipping(rmax: 3, dmax: 5)
        return arguments
    }

    /// Models that were trained for two steps before they are saved.
    static let trained: [ExchangedModel] = [
        trained("sgd", SGD(learningRate: 0.05, momentum: 0.9, nesterov: true)),
        trained("adam", Adam(learningRate: 0.01, amsgrad: true)),
        trained("adamw", AdamW(learningRate: 0.01, options: OptimizerOptions(clipnorm: 0.5))),
        trained("rmsprop", RMSprop(learningRate: 0.01, momentum: 0.5, centered: true)),
        trained(
            "schedule",
            Adam(
                learningRate: .schedule(
                    ExponentialDecay(0.1, decaySteps: 1, decayRate: 0.5)))),
        trained("scaled", LossScaleOptimizer(Adam(learningRate: 0.01), dynamicGrowthSteps: 2)),
        severalOutputs, namedOutputs,
    ]

    /// Several outputs, each with a loss, a weight and metrics of its own.
    static let severalOutputs = ExchangedModel(
        name: "trained_outputs",
        make: {
            let image = Input(shape: [4], name: "image")
            let trunk = Dense(5, activation: .relu, name: "trunk")(image)
            let model = try Model(
                inputs: image,
                outputs: [
                    Dense(3, activation: .softmax, name: "kind")(trunk),
                    Dense(1, name: "size")(trunk),
                ])
            try model.compile(
                optimizer: Adam(learningRate: 0.05),
                losses: [SparseCategoricalCrossentropy(), MeanSquaredError()],
                lossWeights: [1, 0.5], metrics: [[.accuracy], []])
            return model
        }, inputs: [[4, 4]],
        targets: [Tensor([0, 1, 2, 0] as [Int32]), Tensor([0.5, -1, 2, 0], shape: [4, 1])])

    private static func trained(_ name: String, _ optimizer: any Optimizer) -> ExchangedModel {
        ExchangedModel(
            name: "trained_\(name)",
            make: {
                let model = try Sequential {
                    Input(shape: [8, 8, 1])
                    Conv2D(3, kernelSize: 3, activation: .relu)
                    Flatten()
                    Dense(4, activation: .softmax)
                }
                try model.compile(
                    optimizer: optimizer, loss: .sparseCategoricalCrossentropy,
                    metrics: [.accuracy, SparseTopKCategoricalAccuracy(k: 2)])
                return model
            }, inputs: [[6, 8, 8, 1]], targets: [Tensor([0, 1, 2, 3, 0, 1] as [Int32])])
    }
}
