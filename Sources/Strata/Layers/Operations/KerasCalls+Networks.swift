internal import StrataGraph

// Products, windows over images, and other operations of networks in Keras.

extension StrataGraph.Softmax: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        .nn(isLogarithm ? "LogSoftmax" : "Softmax", 1, ["axis": .integer(axis)])
    }
}

extension OneHot: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        .nn(
            "OneHot", 1,
            [
                "num_classes": .integer(depth), "axis": -1, "dtype": "float32",
                "sparse": false,
            ])
    }
}

extension MatMul: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? { .numpy("Matmul", 2) }
}

extension InnerProduct: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        guard node.inputs[0].rank == 2 else { return nil }
        return .numpy("Matmul", 2).adding(node.inputs.count - 2)
    }
}

extension Convolution: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        // Keras refuses groups outside of layers.
        guard groups == 1, var config = window.kerasConfig else { return nil }
        config["dilation_rate"] = JSONValue(window.dilations)
        return .nn("Conv", 2, config).adding(node.inputs.count - 2)
    }
}

extension StrataGraph.Pooling: KerasConvertible {
    /// A layer of Keras, since its operation cannot be read again on JAX if the window is a list.
    func kerasCalls(for node: Node) -> KerasCalls? {
        guard let window else {
            let axes = Array(1..<max(node.inputs[0].rank - 1, 1))
            let kind: Reduction.Kind = kind == .maximum ? .maximum : .mean
            return kind.kerasCalls(axes, keepDimensions: true)
        }
        guard window.dilations.allSatisfy({ $0 == 1 }), var config = window.kerasConfig else {
            return nil
        }
        config["pool_size"] = JSONValue(window.size)
        let name = kind == .maximum ? "MaxPooling" : "AveragePooling"
        return KerasCalls(
            KerasCalls.Call(
                module: "keras.layers", className: "\(name)\(window.rank)D", config: config,
                inputCount: 1))
    }
}

extension Window {
    /// Keras's arguments; `nil` for a padding that Keras does not have.
    fileprivate var kerasConfig: [String: JSONValue]? {
        guard explicitPadding == nil, padding == .valid || padding == .same else { return nil }
        return [
            "strides": JSONValue(strides), "padding": .string(padding.rawValue),
            "data_format": "channels_last",
        ]
    }
}
