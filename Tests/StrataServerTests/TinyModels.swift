#if Server
import Strata

/// Models whose answers can be worked out by hand.
enum TinyModels {
    /// `x [n, 3]` to `y = x` and, as a second output, `total`, the sum.
    static func identityAndSum() throws -> Predictor {
        let x = Input(shape: [3], name: "x")
        let identity = Dense(3, useBias: false, name: "y")
        let sum = Dense(1, useBias: false, name: "total")
        let model = try Model(inputs: [x], outputs: [identity(x), sum(x)], name: "two")
        try model.setWeights([
            Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3]), Tensor([1, 1, 1], shape: [3, 1]),
        ])
        return try Predictor(model)
    }

    /// `x [n, 3]` to `y = x`, with the classes red, green and blue.
    static func identity(dtype: DType = .float32) throws -> Predictor {
        let x = Input(shape: [3], dtype: dtype, name: "x")
        let identity = Dense(3, useBias: false, name: "y")
        let model = try Model(
            inputs: x, outputs: identity(Rescaling(1)(x)), name: "identity")
        try model.setWeights([Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])])
        model.classNames = ["red", "green", "blue"]
        return try Predictor(model)
    }

    /// `a [n, 2]` and `b [n, 2]` to `y = [a, b]`.
    static func joined() throws -> Predictor {
        let a = Input(shape: [2], name: "a")
        let b = Input(shape: [2], name: "b")
        let model = try Model(
            inputs: [a, b], outputs: [Concatenate(name: "y")([a, b])], name: "joined")
        return try Predictor(model)
    }

    /// Pictures `[n, 4, 4, channels]` of 0 … 255 to the classes dark and bright: the scores are 0 and
    /// m / 32 − 4 of the mean m.
    static func brightness(channels: Int = 3) throws -> Predictor {
        let input = Input(shape: [4, 4, channels], name: "image")
        let dense = Dense(2, activation: .softmax, name: "scores")
        let model = try Model(
            inputs: input, outputs: dense(GlobalAveragePooling2D()(input)), name: "brightness")
        let column = Float(1) / 32 / Float(channels)
        try model.setWeights([
            Tensor((0..<channels).flatMap { _ in [0, column] }, shape: [channels, 2]),
            Tensor([0, -4]),
        ])
        model.classNames = ["dark", "bright"]
        return try Predictor(model)
    }
}
#endif
