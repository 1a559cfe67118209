internal import StrataGraph

/// The operations of Keras that compute what a node of a graph does, one after the other.
///
/// The first gets the node's first inputs, each other one the result before it and what inputs are left
/// for it.
struct KerasCalls {
    /// One operation of Keras, or a layer without weights where Keras has no operation that it can read.
    struct Call {
        var module: String
        var className: String
        var config: [String: JSONValue] = [:]
        /// How many of the node's inputs it takes.
        var inputCount: Int
        /// Whether it takes its tensors as one list.
        var takesList = false
        /// Arguments behind the tensors.
        var more: [JSONValue] = []
        var keywords: [String: JSONValue] = [:]

        fileprivate var isLayer: Bool { module == "keras.layers" }
    }

    var calls: [Call]

    /// How many operations lie between one of the node's inputs and its result, the one that takes it
    /// included.
    func distance(toInput number: Int) -> Int {
        var end = 0
        for (index, call) in calls.enumerated() {
            end += call.inputCount
            if number < end { return calls.count - index }
        }
        return 1
    }

    /// The operations as Keras writes them, with their calls.
    ///
    /// - Parameters:
    ///   - names: one for each.
    ///   - arguments: the node's inputs as arguments.
    ///   - result: the argument that stands for the result of the operation of a name.
    func entries(
        names: [String], arguments: [JSONValue], result: (String) -> JSONValue
    ) -> [(object: SerializedObject, call: JSONValue)] {
        var left = arguments[...]
        var before: [JSONValue] = []
        return zip(calls, names).map { call, name in
            let tensors = before + left.prefix(call.inputCount)
            left = left.dropFirst(call.inputCount)
            before = [result(name)]
            let first: [JSONValue] = call.takesList ? [.array(tensors)] : tensors
            let object = SerializedObject(
                module: call.module, className: call.className,
                config: call.config.merging(["name": .string(name)]) { $1 },
                registeredName: call.isLayer ? nil : call.className)
            return (
                object, ["args": .array(first + call.more), "kwargs": .object(call.keywords)]
            )
        }
    }
}

extension KerasCalls {
    init(_ calls: Call...) { self.calls = calls }

    fileprivate static func numpy(
        _ className: String, _ inputCount: Int = 1, _ config: [String: JSONValue] = [:]
    ) -> KerasCalls {
        KerasCalls(
            Call(
                module: "keras.src.ops.numpy", className: className, config: config,
                inputCount: inputCount))
    }

    fileprivate static func nn(
        _ className: String, _ inputCount: Int = 1, _ config: [String: JSONValue] = [:]
    ) -> KerasCalls {
        KerasCalls(
            Call(
                module: "keras.src.ops.nn", className: className, config: config,
                inputCount: inputCount))
    }

    fileprivate static func cast(to dtype: DType) -> Call {
        Call(
            module: "keras.src.ops.core", className: "Cast",
            config: ["dtype": .string(dtype.rawValue)],
            inputCount: 1)
    }

    /// This, and the sum with a further input.
    fileprivate func adding(_ count: Int) -> KerasCalls {
        guard count > 0 else { return self }
        return KerasCalls(
            calls: calls + [
                Call(module: "keras.src.ops.numpy", className: "Add", inputCount: count)
            ])
    }
}

extension Node {
    /// What the node is in a file; `nil` where Keras has no operation for it.
    var kerasCalls: KerasCalls? {
        let source = inputs.first?.shape ?? []
        switch operation {
        case .unary(let function): return KerasCalls.unary(function)
        case .binary(let function): return KerasCalls.binary(function, outputs[0].dtype)
        case .select: return .numpy("Where", 3)
        case .cast(let dtype): return KerasCalls(KerasCalls.cast(to: dtype))
        case .reduction(let reduction):
            return .reduction(
                reduction.kind, reduction.axes, keepDimensions: reduction.keepDimensions)
        case .argMax(let argMax):
            return .numpy("Argmax", 1, ["axis": .integer(argMax.axis), "keepdims": false])
        case .softmax(let softmax):
            return .nn(
                softmax.isLogarithm ? "LogSoftmax" : "Softmax", 1, ["axis": .integer(softmax.axis)])
        case .oneHot(let oneHot):
            return .nn(
                "OneHot", 1,
                [
                    "num_classes": .integer(oneHot.depth), "axis": -1, "dtype": "float32",
                    "sparse": false,
                ])
        case .gather: return .numpy("Take", 2, ["axis": 0])
        case .reshape: return .reshape(to: outputs[0].shape)
        case .transpose(let transpose):
            return .numpy("Transpose", 1, ["axes": JSONValue(transpose.order)])
        case .broadcast(let broadcast):
            return broadcast.shape.known.map { .numpy("BroadcastTo", 1, ["shape": JSONValue($0)]) }
        case .pad(let pad):
            let widths = zip(pad.low, pad.high).map { JSONValue([$0, $1]) }
            var calls = KerasCalls.numpy(
                "Pad", 1, ["pad_width": .array(widths), "mode": "constant"])
            calls.calls[0].keywords = ["constant_values": .float(pad.value)]
            return calls
        case .slice(let slice): return .slice(slice, of: source)
        case .concatenate(let concatenate):
            var calls = KerasCalls.numpy(
                "Concatenate", inputs.count, ["axis": .integer(concatenate.axis)])
            calls.calls[0].takesList = true
            return calls
        case .matMul: return .numpy("Matmul", 2)
        case .innerProduct:
            guard source.rank == 2 else { return nil }
            return .numpy("Matmul", 2).adding(inputs.count - 2)
        case .convolution(let convolution):
            // Keras refuses groups outside of layers.
            guard convolution.groups == 1 else { return nil }
            return KerasCalls.convolution(convolution.window)?.adding(inputs.count - 2)
        case .pooling(let pooling): return .pooling(pooling, of: source)
        case .input, .variable, .constant, .dropout, .random, .inTopK, .scatterAdd,
            .innerProductBackwardData, .innerProductBackwardWeights, .convolutionBackwardData,
            .convolutionBackwardWeights, .poolingBackward, .batchNormalization,
            .batchNormalizationBackward, .resampling, .resamplingBackward, .equalization:
            return nil
        }
    }
}

extension KerasCalls {
    /// `log1p` is `Log1p` there.
    private static func className(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    fileprivate static func unary(_ function: UnaryFunction) -> KerasCalls {
        switch function {
        case .negate: .numpy("Negative")
        case .relu, .sigmoid: .nn(className(function.rawValue))
        case .erf: KerasCalls(Call(module: "keras.src.ops.math", className: "Erf", inputCount: 1))
        case .stopGradient:
            KerasCalls(Call(module: "keras.src.ops.core", className: "StopGradient", inputCount: 1))
        case .round: .numpy("Round", 1, ["decimals": 0])
        case .absolute, .sign, .exp, .expm1, .log, .log1p, .sqrt, .reciprocal, .square, .sin,
            .cos, .tanh, .floor:
            .numpy(className(function.rawValue))
        }
    }

    fileprivate static func binary(_ function: BinaryFunction, _ dtype: DType) -> KerasCalls {
        let name = function == .divide ? "TrueDivide" : className(function.rawValue)
        let own = KerasCalls.numpy(name, 2)
        // Keras's comparisons give truth values, with which it does not count.
        return function.isComparison ? KerasCalls(calls: own.calls + [cast(to: dtype)]) : own
    }

    fileprivate static func reduction(
        _ kind: Reduction.Kind, _ axes: [Int], keepDimensions: Bool
    ) -> KerasCalls {
        var config: [String: JSONValue] = [
            "axis": JSONValue(axes), "keepdims": .bool(keepDimensions),
        ]
        switch kind {
        case .sum: return .numpy("Sum", 1, config)
        case .mean: return .numpy("Mean", 1, config)
        case .maximum, .minimum:
            config["initial"] = .null
            return .numpy(kind == .maximum ? "Max" : "Min", 1, config)
        case .product:
            config["dtype"] = .null
            return .numpy("Prod", 1, config)
        }
    }

    /// A new shape, of which one dimension may be unknown.
    fileprivate static func reshape(to shape: Shape) -> KerasCalls? {
        guard shape.dimensions.filter({ $0 == nil }).count <= 1 else { return nil }
        return .numpy("Reshape", 1, ["newshape": JSONValue(shape.dimensions.map { $0 ?? -1 })])
    }

    fileprivate static func slice(_ slice: Slice, of source: Shape) -> KerasCalls {
        let keys = slice.start.indices.map { axis -> JSONValue in
            let (start, size) = (slice.start[axis], slice.sizes[axis])
            let isRest = size == -1 || source[axis] == start + size
            return [
                "class_name": "__slice__",
                "config": [
                    "start": start == 0 ? .null : .integer(start),
                    "stop": isRest ? .null : .integer(start + size), "step": .null,
                ],
            ]
        }
        var calls = KerasCalls.numpy("GetItem")
        calls.calls[0].more = [.array(keys)]
        return calls
    }

    /// The window's arguments; `nil` where it reaches over edges as Keras's do not.
    private static func window(_ window: Window) -> [String: JSONValue]? {
        guard window.fixedMargins == nil else { return nil }
        guard window.padding == .valid || window.padding == .same else { return nil }
        return [
            "strides": JSONValue(window.strides), "padding": .string(window.padding.rawValue),
            "data_format": "channels_last",
        ]
    }

    fileprivate static func convolution(_ window: Window) -> KerasCalls? {
        guard var config = self.window(window) else { return nil }
        config["dilation_rate"] = JSONValue(window.dilations)
        return .nn("Conv", 2, config)
    }

    /// A layer of Keras, as its operation cannot be read again on JAX where a window's sides are a list.
    fileprivate static func pooling(_ pooling: Pooling, of source: Shape) -> KerasCalls? {
        guard let window = pooling.window else {
            let axes = Array(1..<max(source.rank - 1, 1))
            let kind: Reduction.Kind = pooling.kind == .maximum ? .maximum : .mean
            return .reduction(kind, axes, keepDimensions: true)
        }
        guard window.dilations.allSatisfy({ $0 == 1 }), var config = self.window(window) else {
            return nil
        }
        config["pool_size"] = JSONValue(window.size)
        let name = pooling.kind == .maximum ? "MaxPooling" : "AveragePooling"
        return KerasCalls(
            Call(
                module: "keras.layers", className: "\(name)\(window.rank)D", config: config,
                inputCount: 1))
    }
}
