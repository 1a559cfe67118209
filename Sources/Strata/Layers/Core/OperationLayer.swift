internal import StrataGraph

/// An operation that Keras's functional models hold beside layers: `x + y`, `2 * x`, `ops.exp(x)`.
///
/// Models of ours hold such as nodes until they are read from a file. Keras 3.15.1 `Operation`, the
/// modules `keras.src.ops.numpy`, `nn` and `math`.
final class OperationLayer: Layer {
    /// What is computed.
    enum Function: Hashable {
        case unary(UnaryFunction)
        case binary(BinaryFunction)
        case listed(ListedOperation)
    }

    /// A number in the place of one of the operands.
    struct Operand: Hashable {
        var value: Float
        var place: Int
    }

    let function: Function
    private(set) var operand: Operand?

    /// - Throws: where the class is none that is known here.
    init(_ object: SerializedObject, path: String) throws(ConfigurationError) {
        guard let function = Function(className: object.className, object.config) else {
            throw ConfigurationError(
                path: path, message: "operation \(object.className) outside of a layer is not known"
            )
        }
        self.function = function
        super.init(name: try object.configuration(path: path).layerName())
    }

    override func call(_ inputs: [SymbolicTensor], _ context: CallContext) -> [SymbolicTensor] {
        var operands = inputs
        if let operand {
            operands.insert(.constant(operand.value), at: min(operand.place, inputs.count))
        }
        let (operation, count): (StrataGraph.Operation, Int)
        switch function {
        case .unary(let function): (operation, count) = (.unary(function), 1)
        case .binary(let function): (operation, count) = (.binary(function), 2)
        case .listed(let listed): return [listed(operands)]
        }
        guard operands.count == count else {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument(
                            "\(operands.count) operands came, where \(count) are needed",
                            fix: "give as many as the operation takes")))
            ]
        }
        return SymbolicTensor.applying(operation, operands)
    }

    /// Takes the number out of a call's arguments, where one of them is no tensor.
    ///
    /// - Returns: the call with tensors only.
    func takingOperand(of node: JSONValue, path: String) throws(ConfigurationError) -> JSONValue {
        guard case .object(var members) = node, case .array(var args)? = members["args"] else {
            return node
        }
        for (index, argument) in args.enumerated() {
            let value: Float
            switch argument {
            case .integer(let number): value = Float(number)
            case .number(let number): value = Float(number)
            case .null, .bool, .string, .array, .object: continue
            }
            let found = Operand(value: value, place: index)
            if let operand, operand != found {
                throw ConfigurationError(
                    path: path, message: "one operation is called with two numbers")
            }
            operand = found
            args.remove(at: index)
            members["args"] = .array(args)
            break
        }
        return .object(members)
    }
}

extension OperationLayer.Function {
    /// The operation of a node, if files can hold it.
    init?(_ operation: StrataGraph.Operation) {
        if case .unary(let function) = operation {
            self = .unary(function)
        } else if case .binary(let function) = operation {
            self = .binary(function)
        } else if let listed = ListedOperation(operation) {
            self = .listed(listed)
        } else {
            return nil
        }
    }

    /// - Parameter config: Keras's arguments.
    init?(className: String, _ config: [String: JSONValue]) {
        // `Divide` is what older versions called it.
        let known: [Self] =
            UnaryFunction.allCases.map { .unary($0) }
            + BinaryFunction.allCases.map { .binary($0) }
        let wanted = className == "Divide" ? "TrueDivide" : className
        if let found = known.first(where: { $0.className == wanted }) {
            self = found
        } else if let listed = ListedOperation(className, config) {
            self = .listed(listed)
        } else {
            return nil
        }
    }

    /// Whether the tensors are one argument, a list.
    var takesList: Bool {
        if case .listed(let listed) = self { listed.takesList } else { false }
    }

    /// Keras's name of the operation's class.
    var className: String {
        let name =
            switch self {
            case .unary(.negate): "negative"
            case .unary(let function): function.rawValue
            case .binary(.divide): "trueDivide"
            case .binary(let function): function.rawValue
            case .listed(let listed): listed.className
            }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The operation as Keras writes it.
    func serialized(name: String) -> SerializedObject {
        var config: [String: JSONValue] = ["name": .string(name)]
        let module: String
        switch self {
        case .unary(.relu), .unary(.sigmoid): module = "keras.src.ops.nn"
        case .unary(.erf): module = "keras.src.ops.math"
        case .unary(.round):
            module = "keras.src.ops.numpy"
            config["decimals"] = 0
        case .unary, .binary: module = "keras.src.ops.numpy"
        case .listed(let listed):
            module = "keras.src.ops.\(listed.module)"
            config.merge(listed.config) { own, _ in own }
        }
        return SerializedObject(
            module: module, className: className, config: config, registeredName: className)
    }
}
