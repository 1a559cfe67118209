import Strata

/// The models that benchmarks run, the same as other frameworks are measured on.
enum Workload: String, CaseIterable {
    case fashion
    case cifar
    case vgg
    case lenet
    case resnet50

    /// The shape of a sample.
    var shape: [Int] {
        switch self {
        case .fashion, .lenet: [28, 28, 1]
        case .cifar, .vgg: [32, 32, 3]
        case .resnet50: [224, 224, 3]
        }
    }

    var classes: Int { self == .resnet50 ? 1000 : 10 }

    func model() throws -> Model {
        switch self {
        case .fashion, .cifar: try Workload.strided(shape, dropout: 0.2)
        case .lenet: try Workload.lenet5(shape)
        case .vgg: try Workload.vgg(shape)
        case .resnet50: try Workload.resnet50(shape)
        }
    }

    private static func entry(_ shape: [Int]) -> SymbolicTensor { Input(shape: Shape(shape)) }

    /// Three strided convolutions with dropout behind each, and two dense layers.
    private static func strided(_ shape: [Int], dropout: Float) throws -> Model {
        let input = entry(shape)
        var x = input
        for filters in [32, 64, 128] {
            x = Conv2D(filters, kernelSize: 3, strides: 2, activation: .relu)(x)
            x = Dropout(dropout)(x)
        }
        x = Dropout(dropout)(Dense(512, activation: .relu)(Flatten()(x)))
        return try Model(inputs: input, outputs: Dense(10, activation: .softmax)(x))
    }

    /// LeCun et al., 1998, with average pooling and tanh.
    private static func lenet5(_ shape: [Int]) throws -> Model {
        let input = entry(shape)
        var x = Conv2D(6, kernelSize: 5, padding: .same, activation: .tanh)(input)
        x = AveragePooling2D(2)(x)
        x = AveragePooling2D(2)(Conv2D(16, kernelSize: 5, activation: .tanh)(x))
        x = Dense(120, activation: .tanh)(Flatten()(x))
        x = Dense(84, activation: .tanh)(x)
        return try Model(inputs: input, outputs: Dense(10, activation: .softmax)(x))
    }

    /// Pairs of convolutions with batch normalization, as in VGG (Simonyan and Zisserman, 2014).
    private static func vgg(_ shape: [Int]) throws -> Model {
        let input = entry(shape)
        var x = input
        for filters in [32, 64, 128] {
            for _ in 0..<2 {
                x = Conv2D(filters, kernelSize: 3, padding: .same, activation: .relu)(x)
                x = BatchNormalization()(x)
            }
            x = MaxPooling2D(2)(x)
        }
        x = Dropout(0.2)(Flatten()(x))
        x = Dropout(0.2)(Dense(1024, activation: .relu)(x))
        return try Model(inputs: input, outputs: Dense(10, activation: .softmax)(x))
    }

    /// ResNet-50 (He et al., 2015) with strides in the 3×3 convolutions.
    private static func resnet50(_ shape: [Int]) throws -> Model {
        let input = entry(shape)
        func convolved(_ x: SymbolicTensor, _ filters: Int, _ size: Int, _ stride: Int)
            -> SymbolicTensor
        {
            BatchNormalization()(
                Conv2D(
                    filters, kernelSize: SpatialSize([size]), strides: SpatialSize([stride]),
                    padding: .same, useBias: false)(x))
        }
        var x = Activation(.relu)(convolved(input, 64, 7, 2))
        x = MaxPooling2D(3, strides: 2, padding: .same)(x)
        for (stage, blocks) in [3, 4, 6, 3].enumerated() {
            let width = 64 << stage
            for block in 0..<blocks {
                let stride = stage > 0 && block == 0 ? 2 : 1
                let shortcut = block == 0 ? convolved(x, 4 * width, 1, stride) : x
                var y = Activation(.relu)(convolved(x, width, 1, 1))
                y = Activation(.relu)(convolved(y, width, 3, stride))
                y = convolved(y, 4 * width, 1, 1)
                x = Activation(.relu)(Add()([y, shortcut]))
            }
        }
        x = GlobalAveragePooling2D()(x)
        return try Model(inputs: input, outputs: Dense(1000, activation: .softmax)(x))
    }
}
