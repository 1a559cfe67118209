// Trains one of four networks and prints its accuracy on test pictures: the table of the README. A saved
// model is measured on the pictures of CIFAR-10 that the last two are measured on.
//
//     swift run -c release --package-path Examples accuracy fashion|lenet|cifar|vgg [EPOCHS]
//     swift run -c release --package-path Examples accuracy MODEL.keras

import Strata

enum Example: String, CaseIterable {
    case fashion
    case lenet
    case cifar
    case vgg

    /// CIFAR-10 is tested on its first 1,000 test pictures.
    func data() throws -> DatasetSplits {
        switch self {
        case .fashion: return try FashionMNIST.load()
        case .lenet: return try MNIST.load()
        case .cifar, .vgg:
            let sets = try CIFAR10.load()
            return (sets.train, sets.test[0..<1000])
        }
    }

    func model() throws -> Model {
        switch self {
        case .fashion: try strided([28, 28, 1])
        case .lenet: try lenet5()
        case .cifar: try strided([32, 32, 3])
        case .vgg: try vgg()
        }
    }

    private func strided(_ shape: Shape) throws -> Model {
        try Sequential {
            Input(shape: shape)
            Rescaling(1 / 255.0)
            for filters in [32, 64, 128] {
                Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)
                Dropout(0.2)
            }
            Flatten()
            Dense(512, activation: .relu)
            Dropout(0.2)
            Dense(10, activation: .softmax)
        }
    }

    private func lenet5() throws -> Model {
        try Sequential {
            Input(shape: [28, 28, 1])
            Rescaling(1 / 255.0)
            Conv2D(6, kernelSize: 5, padding: .same, activation: .tanh)
            AveragePooling2D(2)
            Conv2D(16, kernelSize: 5, activation: .tanh)
            AveragePooling2D(2)
            Flatten()
            Dense(120, activation: .tanh)
            Dense(84, activation: .tanh)
            Dense(10, activation: .softmax)
        }
    }

    private func vgg() throws -> Model {
        try Sequential {
            Input(shape: [32, 32, 3])
            Rescaling(1 / 255.0)
            for filters in [32, 64, 128] {
                for _ in 0..<2 {
                    Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)
                    BatchNormalization()
                }
                MaxPooling2D(2)
            }
            Flatten()
            Dropout(0.2)
            Dense(1024, activation: .relu)
            Dropout(0.2)
            Dense(10, activation: .softmax)
        }
    }
}

let arguments = CommandLine.arguments.dropFirst()
if let example = arguments.first.flatMap(Example.init) {
    let epochs = arguments.dropFirst().first.flatMap { Int($0) } ?? 15
    setRandomSeed(1)
    let (train, test) = try example.data()
    let model = try example.model()
    try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    try model.fit(train, batchSize: 128, epochs: epochs, validationData: test)
    let result = try model.evaluate(test, batchSize: 128, verbose: .silent)
    print("\(example.rawValue): accuracy \(result["accuracy"] ?? .nan) after \(epochs) epochs")
} else if let file = arguments.first, file.hasSuffix(".keras") {
    let (_, test) = try Example.vgg.data()
    let result = try Model.load(from: file).evaluate(test, batchSize: 128, verbose: .silent)
    print("\(file): accuracy \(result["accuracy"] ?? .nan)")
} else {
    print(
        "Name a model's file or one of: "
            + "\(Example.allCases.map(\.rawValue).joined(separator: ", "))")
}
