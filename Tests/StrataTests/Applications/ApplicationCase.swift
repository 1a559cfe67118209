import Foundation
import StrataTestSupport

@testable import Strata

/// What Keras makes of one call of an application's builder; `make.py` beside the file wrote it.
struct ApplicationCase: Sendable, Decodable, CustomStringConvertible {
    let builder: String
    let arguments: JSONValue
    let name: String
    let parameters: Int
    /// Class, name, output shape without the batch, shapes of variables; one text for each layer.
    let layers: [String]

    var description: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/applications")

    static let all: [ApplicationCase] = {
        let url = folder.appending(path: "applications.json")
        return (try? JSONDecoder().decode([ApplicationCase].self, from: Data(contentsOf: url)))
            ?? []
    }()

    private func number(_ key: String) -> Double? {
        switch arguments[key] {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object, nil: nil
        }
    }

    private func flag(_ key: String) -> Bool? {
        if case .bool(let value) = arguments[key] { value } else { nil }
    }

    private func text(_ key: String) -> String? {
        if case .string(let value) = arguments[key] { value } else { nil }
    }

    private var inputShape: Shape? {
        guard case .array(let items) = arguments["input_shape"] else { return nil }
        return Shape(items.map(\.integer))
    }

    private typealias A = Applications
    private typealias Builder =
        @Sendable (
            String?, Bool, Shape?, Applications.Pooling?, Int, ActivationFunction, String
        ) throws -> Model

    /// Those that have no arguments of their own.
    private static let plain: [String: Builder] = [
        "VGG16": A.vgg16,
        "VGG19": A.vgg19,
        "ResNet50": A.resNet50,
        "ResNet101": A.resNet101,
        "ResNet152": A.resNet152,
        "ResNet50V2": A.resNet50V2,
        "ResNet101V2": A.resNet101V2,
        "ResNet152V2": A.resNet152V2,
        "DenseNet121": A.denseNet121,
        "DenseNet169": A.denseNet169,
        "DenseNet201": A.denseNet201,
        "Xception": A.xception,
        "InceptionV3": A.inceptionV3,
        "EfficientNetB0": {
            try A.efficientNetB0(
                weights: $0, includeTop: $1, inputShape: $2, pooling: $3, classes: $4,
                classifierActivation: $5, name: $6)
        },
        "EfficientNetB1": {
            try A.efficientNetB1(
                weights: $0, includeTop: $1, inputShape: $2, pooling: $3, classes: $4,
                classifierActivation: $5, name: $6)
        },
        "EfficientNetB2": {
            try A.efficientNetB2(
                weights: $0, includeTop: $1, inputShape: $2, pooling: $3, classes: $4,
                classifierActivation: $5, name: $6)
        },
        "EfficientNetB3": {
            try A.efficientNetB3(
                weights: $0, includeTop: $1, inputShape: $2, pooling: $3, classes: $4,
                classifierActivation: $5, name: $6)
        },
    ]

    /// Our model by the same call.
    ///
    /// With a budget for weights, none of them get values.
    func model(
        weights: String? = nil, classifierActivation: ActivationFunction = .softmax
    ) throws -> Model {
        let top = flag("include_top") ?? true
        let pooling = text("pooling").flatMap(Applications.Pooling.init)
        let classes = number("classes").map { Int($0) } ?? 1000
        let alpha = number("alpha") ?? 1
        let isMinimal = flag("minimalistic") ?? false
        let dropout = number("dropout_rate").map { Double($0) } ?? 0.2
        let preprocesses = flag("include_preprocessing") ?? true
        if let build = Self.plain[builder] {
            return try build(
                weights, top, inputShape, pooling, classes, classifierActivation, name)
        }
        switch builder {
        case "MobileNet":
            return try A.mobileNet(
                weights: weights, includeTop: top, inputShape: inputShape, alpha: alpha,
                depthMultiplier: number("depth_multiplier").map { Int($0) } ?? 1, pooling: pooling,
                classes: classes, classifierActivation: classifierActivation)
        case "MobileNetV2":
            return try A.mobileNetV2(
                weights: weights, includeTop: top, inputShape: inputShape, alpha: alpha,
                pooling: pooling, classes: classes, classifierActivation: classifierActivation)
        case "MobileNetV3Small":
            return try A.mobileNetV3Small(
                weights: weights, includeTop: top, inputShape: inputShape, alpha: alpha,
                minimalistic: isMinimal, pooling: pooling, classes: classes, dropoutRate: dropout,
                classifierActivation: classifierActivation, includePreprocessing: preprocesses)
        case "MobileNetV3Large":
            return try A.mobileNetV3Large(
                weights: weights, includeTop: top, inputShape: inputShape, alpha: alpha,
                minimalistic: isMinimal, pooling: pooling, classes: classes, dropoutRate: dropout,
                classifierActivation: classifierActivation, includePreprocessing: preprocesses)
        default:
            throw KerasPython.Failure(description: "\(builder) is no builder")
        }
    }
}
