#if Server
import Strata

/// A block of a network that is put together in the page; a layer, and its lines in the programs,
/// follow from it.
enum NetworkBlock: Sendable, Hashable {
    case convolution(
        filters: Int, kernel: [Int], strides: [Int], padding: Padding,
        activation: ActivationFunction)
    case pooling(isMax: Bool, window: [Int], strides: [Int], padding: Padding)
    case batchNormalization
    case dropout(Double)
    case flatten
    case globalPooling(isMax: Bool)
    case dense(units: Int, activation: ActivationFunction)
}

extension NetworkBlock {
    /// The activations that are offered.
    static let activations: [ActivationFunction] = [
        .relu, .tanh, .sigmoid, .elu, .gelu, .silu, .leakyRelu, .selu, .softplus, .linear,
    ]
    /// Those of pooling have no `full`.
    static let paddings: [Padding] = [.valid, .same, .full]

    /// - Throws: a ``ConfigurationError`` with the path of the member that is wrong.
    init(_ json: Configuration) throws(ConfigurationError) {
        switch try json.string("kind") {
        case "convolution":
            let kernel = try json.pair("kernel", default: [3, 3])
            self = .convolution(
                filters: try json.int("filters", in: 0...4096), kernel: kernel,
                strides: try json.pair("strides", default: [1, 1]),
                padding: try json.padding(of: Self.paddings),
                activation: try json.activation())
        case "pooling":
            let window = try json.pair("window", default: [2, 2])
            self = .pooling(
                isMax: try json.isMax(), window: window,
                strides: try json.pair("strides", default: window),
                padding: try json.padding(of: [.valid, .same]))
        case "batch_normalization": self = .batchNormalization
        case "dropout": self = .dropout(try json.double("rate", default: 0.5))
        case "flatten": self = .flatten
        case "global_pooling": self = .globalPooling(isMax: try json.isMax())
        case "dense":
            self = .dense(
                units: try json.int("units", in: 0...65_536), activation: try json.activation())
        case let kind:
            throw json.failure(
                "kind",
                "\(kind) is no block; use convolution, pooling, batch_normalization, dropout, "
                    + "flatten, global_pooling or dense")
        }
    }

    /// A new layer.
    func layer(name: String) -> Layer {
        switch self {
        case .convolution(let filters, let kernel, let strides, let padding, let activation):
            Conv2D(
                filters, kernelSize: kernel, strides: strides, padding: padding,
                activation: activation, name: name)
        case .pooling(true, let window, let strides, let padding):
            MaxPooling2D(window, strides: strides, padding: padding, name: name)
        case .pooling(false, let window, let strides, let padding):
            AveragePooling2D(window, strides: strides, padding: padding, name: name)
        case .batchNormalization: BatchNormalization(name: name)
        case .dropout(let rate): Dropout(rate, name: name)
        case .flatten: Flatten(name: name)
        case .globalPooling(true): GlobalMaxPooling2D(name: name)
        case .globalPooling(false): GlobalAveragePooling2D(name: name)
        case .dense(let units, let activation): Dense(units, activation: activation, name: name)
        }
    }

    /// The name of its layers in Keras, before their numbers.
    var layerName: String {
        switch self {
        case .convolution: "conv2d"
        case .pooling(let isMax, _, _, _): isMax ? "max_pooling2d" : "average_pooling2d"
        case .batchNormalization: "batch_normalization"
        case .dropout: "dropout"
        case .flatten: "flatten"
        case .globalPooling(let isMax):
            isMax ? "global_max_pooling2d" : "global_average_pooling2d"
        case .dense: "dense"
        }
    }
}

extension Configuration {
    func int(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        let value = try int(key)
        guard range.contains(value) else {
            throw failure(key, "is \(value); use up to \(range.upperBound)")
        }
        return value
    }

    /// One number, or one for each axis.
    fileprivate func pair(_ key: String, default fallback: [Int]) throws(ConfigurationError)
        -> [Int]
    {
        let values = try ints(key, default: fallback)
        return values.count == 1 ? [values[0], values[0]] : values
    }

    fileprivate func padding(of known: [Padding]) throws(ConfigurationError) -> Padding {
        let name = try string("padding", default: Padding.valid.rawValue)
        guard let padding = known.first(where: { $0.rawValue == name }) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            throw failure("padding", "\(name) is not one of \(names)")
        }
        return padding
    }

    fileprivate func isMax() throws(ConfigurationError) -> Bool {
        let type = try string("type", default: "max")
        guard ["max", "average"].contains(type) else {
            throw failure("type", "\(type) is not one of max, average")
        }
        return type == "max"
    }

    fileprivate func activation() throws(ConfigurationError) -> ActivationFunction {
        let name = try string("activation", default: ActivationFunction.linear.rawValue)
        guard let function = ActivationFunction(named: name) else {
            let names = NetworkBlock.activations.map(\.rawValue).joined(separator: ", ")
            throw failure("activation", "\(name) is not one of \(names)")
        }
        return function
    }
}
#endif
