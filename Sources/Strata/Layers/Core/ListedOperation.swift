internal import StrataGraph

/// An operation with arguments that Keras's functional models hold beside layers: `ops.mean(x, axis=1)`.
struct ListedOperation: Hashable {
    /// Keras's name of the class.
    let className: String
    /// Keras's arguments, without the name.
    let config: [String: JSONValue]

    private typealias Rule = @Sendable ([SymbolicTensor], Configuration) throws -> SymbolicTensor

    /// The operations by Keras 3.15.1's class names: the last part of their module, how many tensors they
    /// take (0 for a list of any number), and what they compute; **one line each**.
    private static let table: [String: (module: String, count: Int, rule: Rule)] = [
        "Mean": (
            "numpy", 1, { Ops.mean($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Sum": (
            "numpy", 1, { Ops.sum($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Max": (
            "numpy", 1, { Ops.max($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Min": (
            "numpy", 1, { Ops.min($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Prod": (
            "numpy", 1, { Ops.prod($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Var": (
            "numpy", 1, { Ops.variance($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Std": (
            "numpy", 1, { Ops.std($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Any": (
            "numpy", 1, { Ops.any($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "All": (
            "numpy", 1, { Ops.all($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Logsumexp": (
            "math", 1, { Ops.logsumexp($0[0], axis: try $1.axes(), keepDimensions: try $1.keeps()) }
        ),
        "Reshape": ("numpy", 1, { Ops.reshape($0[0], Shape(try $1.ints("newshape"))) }),
        "Transpose": ("numpy", 1, { Ops.transpose($0[0], axes: try $1.order("axes")) }),
        "Swapaxes": ("numpy", 1, { Ops.swapaxes($0[0], try $1.int("axis1"), try $1.int("axis2")) }),
        "Squeeze": ("numpy", 1, { Ops.squeeze($0[0], axis: try $1.optionalInt("axis")) }),
        "ExpandDims": ("numpy", 1, { Ops.expandDims($0[0], axis: try $1.int("axis")) }),
        "Flip": ("numpy", 1, { Ops.flip($0[0], axis: try $1.int("axis")) }),
        "Concatenate": ("numpy", 0, { Ops.concatenate($0, axis: try $1.int("axis", default: 0)) }),
        "Stack": ("numpy", 0, { Ops.stack($0, axis: try $1.int("axis", default: 0)) }),
        "Matmul": ("numpy", 2, { x, _ in Ops.matmul(x[0], x[1]) }),
        "Where": ("numpy", 3, { x, _ in Ops.select(x[0], x[1], x[2]) }),
        "LogicalAnd": ("numpy", 2, { x, _ in Ops.logicalAnd(x[0], x[1]) }),
        "LogicalOr": ("numpy", 2, { x, _ in Ops.logicalOr(x[0], x[1]) }),
        "LogicalNot": ("numpy", 1, { x, _ in Ops.logicalNot(x[0]) }),
        "Clip": ("numpy", 1, { Ops.clip($0[0], try $1.float("x_min"), try $1.float("x_max")) }),
        "Cast": ("core", 1, { Ops.cast($0[0], try $1.choice("dtype", default: DType.float32)) }),
        "OneHot": ("nn", 1, { Ops.oneHot($0[0], numClasses: try $1.int("num_classes")) }),
        "Softmax": ("nn", 1, { Ops.softmax($0[0], axis: try $1.int("axis", default: -1)) }),
        "LogSoftmax": ("nn", 1, { Ops.logSoftmax($0[0], axis: try $1.int("axis", default: -1)) }),
        "Silu": ("nn", 1, { x, _ in x[0].silu() }),
        "Gelu": ("nn", 1, { $0[0].gelu(approximate: try $1.bool("approximate", default: true)) }),
        "LeakyRelu": (
            "nn", 1,
            { $0[0].leakyRelu(negativeSlope: try $1.float("negative_slope", default: 0.2)) }
        ),
        "Elu": ("nn", 1, { $0[0].elu(alpha: try $1.float("alpha", default: 1)) }),
        "Relu6": ("nn", 1, { x, _ in x[0].relu6() }),
        "Softplus": ("nn", 1, { x, _ in x[0].softplus() }),
        "HardSigmoid": ("nn", 1, { x, _ in x[0].hardSigmoid() }),
        "Rsqrt": ("math", 1, { x, _ in Ops.rsqrt(x[0]) }),
    ]

    /// - Returns: `nil` where the class is none of the table's.
    init?(_ className: String, _ config: [String: JSONValue]) {
        guard Self.table[className] != nil else { return nil }
        self.className = className
        self.config = config
    }

    var module: String { Self.table[className]?.module ?? "numpy" }

    /// Whether the tensors are one argument, a list.
    var takesList: Bool { Self.table[className]?.count == 0 }

    func callAsFunction(_ inputs: [SymbolicTensor]) -> SymbolicTensor {
        guard let entry = Self.table[className],
            entry.count == 0 ? !inputs.isEmpty : inputs.count == entry.count
        else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "\(inputs.count) tensors came", fix: "give as many as \(className) takes")))
        }
        do {
            return try entry.rule(inputs, Configuration(.object(config), path: className))
        } catch {
            return SymbolicTensor(
                failure: GraphError(.invalidArgument("\(error)", fix: "write the file anew")))
        }
    }
}

extension ListedOperation {
    /// A node's operation as Keras would have it, if it has one; those without arguments are told in
    /// ``OperationLayer/Function``.
    init?(_ operation: StrataGraph.Operation) {
        switch operation {
        case .reduction(let reduction):
            let name =
                switch reduction.kind {
                case .sum: "Sum"
                case .mean: "Mean"
                case .maximum: "Max"
                case .minimum: "Min"
                case .product: "Prod"
                }
            self.init(
                name,
                [
                    "axis": .array(reduction.axes.map(JSONValue.integer)),
                    "keepdims": .bool(reduction.keepDimensions),
                ])
        case .reshape(let reshape):
            let unknown = reshape.shape.dimensions.filter { $0 == nil || $0 == -1 }.count
            guard unknown < 2 else { return nil }
            self.init(
                "Reshape",
                ["newshape": .array(reshape.shape.dimensions.map { .integer($0 ?? -1) })])
        case .transpose(let transpose):
            self.init("Transpose", ["axes": .array(transpose.order.map(JSONValue.integer))])
        case .concatenate(let concatenate):
            self.init("Concatenate", ["axis": .integer(concatenate.axis)])
        case .select: self.init("Where", [:])
        case .cast(let dtype): self.init("Cast", ["dtype": .string(dtype.rawValue)])
        default: return nil
        }
    }
}

extension Configuration {
    fileprivate func axes() throws(ConfigurationError) -> Axes? {
        switch value("axis") {
        case nil, .null?: nil
        case .integer(let axis)?: Axes([axis])
        default: Axes(try ints("axis"))
        }
    }

    fileprivate func keeps() throws(ConfigurationError) -> Bool {
        try bool("keepdims", default: false)
    }

    /// `nil` for the order that turns all axes around.
    fileprivate func order(_ key: String) throws(ConfigurationError) -> [Int]? {
        value(key) == nil || value(key) == .null ? nil : try ints(key)
    }
}
