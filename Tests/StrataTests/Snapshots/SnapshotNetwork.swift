import StrataGraph

@testable import Strata

/// The networks whose graphs and plans are kept as text.
enum SnapshotNetwork: String, CaseIterable {
    /// The README's network.
    case fashion
    case strided
    case lenet5
    case vgg
    case resnet

    private var shape: [Int] {
        switch self {
        case .fashion, .lenet5: [28, 28, 1]
        case .strided, .vgg, .resnet: [32, 32, 3]
        }
    }

    /// The compiled network, with the names and seeds that it has in a new process.
    private func model() throws -> Model {
        clearSession()
        let input = Input(shape: Shape(shape))
        let features =
            switch self {
            case .fashion: Self.fashion(Rescaling(1 / 255.0)(input))
            case .strided: Self.strided(input)
            case .lenet5: Self.lenet5(input)
            case .vgg: Self.vgg(input)
            case .resnet: Self.resnet(input)
            }
        let model = try Model(inputs: input, outputs: Dense(10, activation: .softmax)(features))
        try model.compile(
            optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        return model
    }

    private static func fashion(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = input
        for filters in [32, 64] {
            x = Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x)
        }
        return Dropout(0.2)(Flatten()(x))
    }

    private static func strided(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = input
        for filters in [32, 64, 128] {
            x = Dropout(0.2)(Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x))
        }
        return Dropout(0.2)(Dense(512, activation: .relu)(Flatten()(x)))
    }

    /// LeCun et al., 1998, with average pooling and tanh.
    private static func lenet5(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = Conv2D(6, kernelSize: 5, padding: .same, activation: .tanh)(input)
        x = AveragePooling2D(2)(x)
        x = AveragePooling2D(2)(Conv2D(16, kernelSize: 5, activation: .tanh)(x))
        x = Dense(120, activation: .tanh)(Flatten()(x))
        return Dense(84, activation: .tanh)(x)
    }

    /// Pairs of convolutions with batch normalization, as in VGG (Simonyan and Zisserman, 2014).
    private static func vgg(_ input: SymbolicTensor) -> SymbolicTensor {
        var x = input
        for filters in [32, 64, 128] {
            for _ in 0..<2 {
                x = Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)(x)
                x = BatchNormalization()(x)
            }
            x = MaxPooling2D(2)(x)
        }
        return Dropout(0.2)(Dense(1024, activation: .relu)(Dropout(0.2)(Flatten()(x))))
    }

    /// Two residual blocks, the second with strides of 2 (He et al., 2015).
    private static func resnet(_ input: SymbolicTensor) -> SymbolicTensor {
        func convolved(_ x: SymbolicTensor, _ filters: Int, _ size: Int, _ stride: Int)
            -> SymbolicTensor
        {
            BatchNormalization()(
                Conv2D(
                    filters, kernelSize: SpatialSize([size]), strides: SpatialSize([stride]),
                    padding: .same, useBias: false)(x))
        }
        var x = Activation(.relu)(convolved(input, 16, 3, 1))
        for (filters, stride) in [(16, 1), (32, 2)] {
            let shortcut = stride == 1 ? x : convolved(x, filters, 1, stride)
            let y = Activation(.relu)(convolved(x, filters, 3, stride))
            x = Activation(.relu)(Add()([convolved(y, filters, 3, 1), shortcut]))
        }
        return GlobalAveragePooling2D()(x)
    }

    /// What is kept of each network: a training step of 32 images and a prediction of one.
    private static let steps: [(name: String, isTraining: Bool, batchSize: Int)] = [
        ("train-32", true, 32), ("predict-1", false, 1),
    ]

    /// The plans of all networks, by the names of their files.
    ///
    /// Without the line of their memory: oneDNN's scratchpads depend on the processor's caches.
    static func plans() throws -> [String: String] {
        try texts { _, model, isTraining, batchSize in
            try model.planDescription(isTraining: isTraining, batchSize: batchSize)
                .split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("memory: ") }.joined(separator: "\n")
        }
    }

    /// The graphs of all networks, by the names of their files.
    static func graphs() throws -> [String: String] {
        try texts { network, model, isTraining, batchSize in
            // A plan prepares what a training step needs.
            _ = try model.planDescription(isTraining: isTraining, batchSize: batchSize)
            let step = StepGraph(
                model: model, mode: isTraining ? .train : .predict,
                inputs: [TensorType(Shape([batchSize] + network.shape), .float32)],
                targets: isTraining ? [TensorType([batchSize], .int32)] : [],
                weights: isTraining ? [nil] : [])
            return try step.make().description
        }
    }

    private static func texts(
        _ text: (SnapshotNetwork, Model, _ isTraining: Bool, _ batchSize: Int) throws -> String
    ) throws -> [String: String] {
        var texts: [String: String] = [:]
        for network in allCases {
            for step in steps {
                texts["\(network.rawValue)-\(step.name)"] = try SeedStream.$own.withValue(
                    SeedStream(seed: 1)
                ) {
                    try text(network, network.model(), step.isTraining, step.batchSize)
                }
            }
        }
        return texts
    }
}
