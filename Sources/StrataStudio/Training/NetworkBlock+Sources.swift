#if Server
import Strata

extension NetworkBlock {
    /// The layer in Swift.
    var swift: String {
        switch self {
        case .convolution(let filters, let kernel, let strides, let padding, let activation):
            "Conv2D(\(filters), kernelSize: \(Self.swift(kernel))"
                + (strides == [1, 1] ? "" : ", strides: \(Self.swift(strides))")
                + (padding == .valid ? "" : ", padding: .\(padding)")
                + Self.swift(activation) + ")"
        case .pooling(let isMax, let window, let strides, let padding):
            "\(isMax ? "Max" : "Average")Pooling2D(\(Self.swift(window))"
                + (strides == window ? "" : ", strides: \(Self.swift(strides))")
                + (padding == .valid ? "" : ", padding: .\(padding)") + ")"
        case .batchNormalization: "BatchNormalization()"
        case .dropout(let rate): "Dropout(\(rate))"
        case .flatten: "Flatten()"
        case .globalPooling(let isMax): "Global\(isMax ? "Max" : "Average")Pooling2D()"
        case .dense(let units, let activation): "Dense(\(units)\(Self.swift(activation)))"
        }
    }

    private static func swift(_ sizes: [Int]) -> String {
        Set(sizes).count == 1
            ? "\(sizes[0])" : "[\(sizes.map(String.init).joined(separator: ", "))]"
    }

    private static func swift(_ activation: ActivationFunction) -> String {
        activation == .linear ? "" : ", activation: .\(activation)"
    }

    /// The layers in Python; padding `full`, which Keras lacks, is two.
    var python: [String] {
        switch self {
        case .convolution(let filters, let kernel, let strides, .full, let activation):
            let margins = kernel.map { "(\($0 - 1), \($0 - 1))" }.joined(separator: ", ")
            let inner = NetworkBlock.convolution(
                filters: filters, kernel: kernel, strides: strides, padding: .valid,
                activation: activation)
            return ["layers.ZeroPadding2D((\(margins)))"] + inner.python
        case .convolution(let filters, let kernel, let strides, let padding, let activation):
            return [
                "layers.Conv2D(\(filters), \(Self.python(kernel))"
                    + (strides == [1, 1] ? "" : ", strides=\(Self.python(strides))")
                    + (padding == .valid ? "" : ", padding=\"\(padding.rawValue)\"")
                    + Self.python(activation) + ")"
            ]
        case .pooling(let isMax, let window, let strides, let padding):
            return [
                "layers.\(isMax ? "Max" : "Average")Pooling2D(\(Self.python(window))"
                    + (strides == window ? "" : ", strides=\(Self.python(strides))")
                    + (padding == .valid ? "" : ", padding=\"\(padding.rawValue)\"") + ")"
            ]
        case .batchNormalization, .dropout, .flatten, .globalPooling: return ["layers.\(swift)"]
        case .dense(let units, let activation):
            return ["layers.Dense(\(units)\(Self.python(activation)))"]
        }
    }

    private static func python(_ sizes: [Int]) -> String {
        Set(sizes).count == 1
            ? "\(sizes[0])" : "(\(sizes.map(String.init).joined(separator: ", ")))"
    }

    private static func python(_ activation: ActivationFunction) -> String {
        activation == .linear ? "" : ", activation=\"\(activation.rawValue)\""
    }
}
#endif
