extension Applications {
    /// LeNet-5: two convolutions with pooling, three dense layers; for gray images of 32 × 32.
    ///
    /// The subsampling layers are plain averages, and the last layer is a softmax, as the network
    /// is commonly taught; 61,706 parameters. ``Applications`` explains the arguments.
    ///
    /// LeCun et al., 1998, "Gradient-based learning applied to document recognition". Keras has
    /// none.
    public static func leNet5(
        weights: String? = nil, inputShape: Shape = [32, 32, 1], classes: Int = 10,
        classifierActivation: ActivationFunction = .softmax, name: String = "lenet5"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: true, pooling: nil, classes: classes,
            activation: classifierActivation)
        return try model(name, ending, inputShape: inputShape, size: 32, minimum: 16) { image in
            var x = Conv2D(6, kernelSize: 5, activation: .tanh, name: "c1")(image)
            x = AveragePooling2D(2, name: "s2")(x)
            x = Conv2D(16, kernelSize: 5, activation: .tanh, name: "c3")(x)
            x = AveragePooling2D(2, name: "s4")(x)
            x = Flatten(name: "flatten")(x)
            x = Dense(120, activation: .tanh, name: "c5")(x)
            x = Dense(84, activation: .tanh, name: "f6")(x)
            return ending.predictions(x)
        }
    }
}
