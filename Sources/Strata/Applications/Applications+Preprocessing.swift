extension Applications {
    /// The preprocessing of images for published weights.
    public enum Preprocessing: Sendable, Hashable, CaseIterable {
        /// Scaling to −1 … 1: MobileNet 1 and 2, ResNetV2, InceptionV3 and Xception.
        case signed
        /// BGR minus the means of ImageNet: VGG and ResNet.
        case zeroCentered
        /// Scaling to 0 … 1, then by means and standard deviations of ImageNet: DenseNet.
        case standardized
    }

    /// Images preprocessed for an architecture's published weights.
    ///
    /// MobileNetV3 and EfficientNet take pixels as they are.
    ///
    /// - Parameters:
    ///   - pictures: RGB images of 0 … 255, `[…, 3]`.
    ///   - preprocessing: the kind of preprocessing.
    /// - Returns: `float32`, of the same shape.
    /// - Throws: a ``GraphError`` unless the last axis has three channels.
    ///
    /// Keras 3.15.1 `preprocess_input` of each application, whose modes are `tf`, `caffe` and
    /// `torch`.
    public static func preprocessed(
        _ pictures: Tensor, _ preprocessing: Preprocessing
    ) throws(GraphError) -> Tensor {
        guard pictures.shape.last == 3 else {
            throw GraphError(.wrongRank(got: Shape(pictures.shape), expected: "[…, 3]"))
        }
        var values = pictures.cast(to: .float32).scalars
        for start in stride(from: 0, to: values.count, by: 3) {
            switch preprocessing {
            case .signed:
                for index in start..<start + 3 { values[index] = values[index] / 127.5 - 1 }
            case .zeroCentered:
                values.swapAt(start, start + 2)
                for (colour, mean) in blueGreenRedMeans.enumerated() {
                    values[start + colour] -= mean
                }
            case .standardized:
                for (colour, (mean, deviation)) in redGreenBlue.enumerated() {
                    values[start + colour] = (values[start + colour] / 255 - mean) / deviation
                }
            }
        }
        return Tensor(values, shape: pictures.shape)
    }

    // Of ImageNet's training images, as in the first releases of VGG and of PyTorch's models.
    private static let blueGreenRedMeans: [Float] = [103.939, 116.779, 123.68]
    private static let redGreenBlue: [(Float, Float)] = [
        (0.485, 0.229), (0.456, 0.224), (0.406, 0.225),
    ]
}
