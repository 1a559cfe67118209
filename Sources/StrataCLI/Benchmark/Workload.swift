import Strata

/// The models of benchmarks, the same as for other frameworks.
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

    /// The model for pixels of 0 … 1.
    func model() throws -> Model {
        let architecture: Architecture
        switch self {
        case .fashion, .cifar: architecture = .strided
        case .lenet: architecture = .lenet5
        case .vgg: architecture = .vgg
        case .resnet50: return try Workload.resnet50(shape)
        }
        return try architecture.model(shape: shape, classes: classes, isRescaled: false)
    }

    /// ResNet-50 (He et al., 2015) with strides in the 3×3 convolutions.
    private static func resnet50(_ shape: [Int]) throws -> Model {
        let input = Input(shape: Shape(shape))
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
