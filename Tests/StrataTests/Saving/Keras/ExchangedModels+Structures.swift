@testable import Strata

extension ExchangedModel {
    /// Convolutions that Keras has as two layers.
    static let fullPaddings: [ExchangedModel] = [
        ExchangedModel(
            name: "full_chain",
            make: {
                try Sequential {
                    Input(shape: [2, 5, 2])
                    Conv2D(3, kernelSize: [3, 2], padding: .full, activation: .relu)
                    Conv2D(2, kernelSize: 3, strides: [2, 1], padding: .full, groups: 1)
                    ZeroPadding2D(1)
                    Conv2D(2, kernelSize: 2, padding: .full, dilationRate: [3, 2], name: "wide")
                }
            }, inputs: [[2, 2, 5, 2]]),
        ExchangedModel(
            name: "full_channels_first",
            make: {
                let image = Input(shape: [4, 3, 5])
                return try Model(
                    inputs: image,
                    outputs: Conv2D(
                        6, kernelSize: [2, 4], padding: .full, dataFormat: .channelsFirst,
                        groups: 2,
                        useBias: false)(image))
            }, inputs: [[2, 4, 3, 5]]),
        ExchangedModel(
            name: "full_signals_and_volumes",
            make: {
                let signal = Input(shape: [nil, 2], name: "signal")
                let volume = Input(shape: [2, 3, 2, 1], name: "volume")
                return try Model(
                    inputs: [signal, volume],
                    outputs: [
                        Conv1D(3, kernelSize: 4, strides: 2, padding: .full)(signal),
                        Conv3D(2, kernelSize: [1, 2, 3], padding: .full)(volume),
                    ])
            }, inputs: [[2, 6, 2], [2, 2, 3, 2, 1]]),
        ExchangedModel(
            name: "full_branches",
            make: {
                // The order of weights follows the depth of layers, which the layer of zeros adds to.
                let image = Input(shape: [6, 6, 2])
                let first = Conv2D(2, kernelSize: 1, name: "left")(image)
                let shared = Conv2D(2, kernelSize: 3, padding: .full, name: "shared")
                let a = shared(shared(first))
                let b = Conv2D(2, kernelSize: 2, padding: .full, name: "b_full_padding")(
                    Conv2D(2, kernelSize: 1, name: "right")(image))
                let inner = Input(shape: [7, 7, 2])
                let block = try Model(
                    inputs: inner,
                    outputs: Conv2D(2, kernelSize: 4, padding: .full, name: "inside")(inner),
                    name: "block")
                return try Model(inputs: image, outputs: [Add()([a, block(b)]), b])
            }, inputs: [[2, 6, 6, 2]]),
    ]

    /// Inputs and outputs by names, and a model with such inside of another one.
    static let namedTensors: [ExchangedModel] = [
        ExchangedModel(
            name: "named",
            make: {
                let (a, b) = (Input(shape: [2], name: "b_side"), Input(shape: [3], name: "a_side"))
                let x = Concatenate()([a, b])
                return try Model(
                    inputs: ["b_side": a, "a_side": b],
                    outputs: ["z": Dense(1, name: "one")(x), "aux": Dense(2, name: "two")(x)])
            }, inputs: [[2, 3], [2, 2]]),
        ExchangedModel(
            name: "named_within",
            make: {
                let (a, b) = (Input(shape: [2], name: "q"), Input(shape: [3], name: "p"))
                let inner = try Model(
                    inputs: ["q": a, "p": b], outputs: ["r": Dense(2)(Concatenate()([a, b]))],
                    name: "inner")
                let (p, q) = (Input(shape: [3], name: "P"), Input(shape: [2], name: "Q"))
                return try Model(inputs: [p, q], outputs: Dense(1)(inner([p, q])))
            }, inputs: [[2, 3], [2, 2]]),
    ]

    /// Losses and metrics by the names of outputs.
    static let namedOutputs = ExchangedModel(
        name: "trained_names",
        make: {
            let image = Input(shape: [4], name: "x")
            let model = try Model(
                inputs: ["x": image],
                outputs: [
                    "z": Dense(3, activation: .softmax, name: "kind")(image),
                    "a": Dense(1, name: "size")(image),
                ])
            try model.compile(
                optimizer: Adam(learningRate: 0.05),
                losses: [MeanSquaredError(), SparseCategoricalCrossentropy()],
                lossWeights: [1, 0.5], metrics: [[], [.accuracy]])
            return model
        }, inputs: [[4, 4]],
        targets: [Tensor([0.5, -1, 2, 0], shape: [4, 1]), Tensor([0, 1, 2, 0] as [Int32])])
}
