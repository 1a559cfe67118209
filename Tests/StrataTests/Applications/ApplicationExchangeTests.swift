import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Architectures with weights from Keras's own.
@Suite(
    .serialized,
    .enabled(
        if: KerasPython.path != nil, "there is no Python with Keras; scripts/keras-venv makes one"))
struct ApplicationExchangeTests {
    private struct Prediction {
        let got: Tensor
        let expected: Tensor
    }

    /// What our models and Keras's give, from one run of Python; its large files are gone then.
    private static let predictions = Result {
        let folder = try TemporaryFolder()
        try KerasPython.run("applications/predict.py", [folder.path])
        return try Dictionary(
            uniqueKeysWithValues: builders.map { name, build in
                let path = "\(folder.path)/\(name)"
                let data = try Safetensors(contentsOf: "\(path).safetensors").tensors
                guard let x = data["x"], let y = data["y"] else {
                    throw KerasPython.Failure(description: "\(name) has no predictions")
                }
                let model = try build("\(path).weights.h5")
                return (name, Prediction(got: try model.predictOnBatch(x), expected: y))
            })
    }

    private typealias A = Applications

    /// The models of `predict.py`.
    private static let builders: [String: @Sendable (String) throws -> Model] = [
        "vgg16": {
            try A.vgg16(weights: $0, includeTop: false, inputShape: [32, 32, 3], pooling: .average)
        },
        "resnet50": {
            try A.resNet50(
                weights: $0, includeTop: false, inputShape: [32, 32, 3], pooling: .average)
        },
        "resnet50v2": {
            try A.resNet50V2(
                weights: $0, includeTop: false, inputShape: [40, 32, 3], pooling: .average)
        },
        "mobilenet": {
            try A.mobileNet(
                weights: $0, inputShape: [64, 64, 3], alpha: 0.25, classes: 10,
                classifierActivation: .linear)
        },
        "mobilenetv2": {
            try A.mobileNetV2(
                weights: $0, inputShape: [65, 64, 3], alpha: 0.35, classes: 10,
                classifierActivation: .linear)
        },
        "mobilenetv3small": {
            try A.mobileNetV3Small(
                weights: $0, inputShape: [64, 64, 3], classes: 10, classifierActivation: .linear)
        },
        "mobilenetv3large": {
            try A.mobileNetV3Large(
                weights: $0, includeTop: false, inputShape: [64, 64, 3], pooling: .average)
        },
        "densenet121": {
            try A.denseNet121(
                weights: $0, includeTop: false, inputShape: [32, 32, 3], pooling: .average)
        },
        "efficientnetb0": {
            try A.efficientNetB0(
                weights: $0, inputShape: [64, 64, 3], classes: 10, classifierActivation: .linear)
        },
        "xception": {
            try A.xception(
                weights: $0, includeTop: false, inputShape: [71, 71, 3], pooling: .average)
        },
        "inceptionv3": {
            try A.inceptionV3(
                weights: $0, includeTop: false, inputShape: [75, 75, 3], pooling: .average)
        },
    ]

    @Test(arguments: builders.keys.sorted())
    func `a model with Keras's weights predicts what Keras does`(name: String) throws {
        let prediction = try #require(try Self.predictions.get()[name])
        let (got, expected) = (prediction.got, prediction.expected)
        #expect(got.shape == expected.shape)
        // Some 200 layers, each of which may round by a few times 6e-8 of its numbers.
        let scale = expected.scalars.map(abs).max() ?? 0
        let worst = zip(got.scalars, expected.scalars).map { abs($0 - $1) }.max() ?? .nan
        #expect(scale > 0.01 && worst <= 2e-5 * scale, "\(name): \(worst) of \(scale)")
    }
}
