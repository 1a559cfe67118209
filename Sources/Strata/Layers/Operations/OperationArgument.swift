/// One argument of a call of an operation, as Keras 3.15.1 writes it into `inbound_nodes`.
indirect enum OperationArgument: Hashable {
    /// A tensor of the model: its index among the tensors of the call.
    case tensor(Int)
    /// Values from the file.
    case constant(Tensor)
    case none
    case flag(Bool)
    case integer(Int)
    case number(Float)
    case text(String)
    case list([OperationArgument])
    /// `start:stop:step` of Python.
    case slice(start: Int?, stop: Int?, step: Int?)
    case ellipsis

    /// The source of a tensor of the model: Keras's `keras_history`, and its path in the file.
    typealias Source = (history: JSONValue, path: String)

    /// - Parameter sources: receives the source of every tensor of the model, in order.
    init(
        _ value: JSONValue, _ path: String, _ sources: inout [Source]
    ) throws(ConfigurationError) {
        switch value {
        case .null: self = .none
        case .bool(let value): self = .flag(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(Float(value))
        case .string(let value): self = .text(value)
        case .array(let items):
            var list: [OperationArgument] = []
            for (index, item) in items.enumerated() {
                list.append(try OperationArgument(item, "\(path)[\(index)]", &sources))
            }
            self = .list(list)
        case .object:
            let reader = try Configuration(value, path: path)
            let name = try reader.string("class_name")
            if name == "__ellipsis__" {
                self = .ellipsis
                return
            }
            let config = try reader.object("config")
            switch name {
            case "__keras_tensor__":
                let history = JSONValue.array(try config.array("keras_history"))
                sources.append((history, config.path("keras_history")))
                self = .tensor(sources.count - 1)
            case "__numpy__", "__tensor__": self = .constant(try config.constant())
            case "__slice__":
                self = .slice(
                    start: try config.optionalInt("start"), stop: try config.optionalInt("stop"),
                    step: try config.optionalInt("step"))
            default:
                throw ConfigurationError(
                    path: path, message: "an argument of class \(name) is not supported")
            }
        }
    }

    /// A call with each tensor of the model replaced, in order.
    static func tensors(
        in node: JSONValue, _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard case .object(let members) = node else {
            if case .array(let items) = node {
                return .array(items.map { tensors(in: $0, change) })
            }
            return node
        }
        if members["class_name"] == "__keras_tensor__" { return change(node) }
        guard members["class_name"] == nil else { return node }
        var changed = members
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            changed[name] = tensors(in: value, change)
        }
        return .object(changed)
    }
}

extension Configuration {
    /// The values of a `__numpy__` or `__tensor__`: nested lists, and a type.
    fileprivate func constant() throws(ConfigurationError) -> Tensor {
        var shape: [Int] = []
        var first = members["value"] ?? .null
        while case .array(let items) = first {
            shape.append(items.count)
            first = items.first ?? .null
        }
        var numbers: [Double] = []
        let isRegular = (members["value"] ?? .null).append(to: &numbers, shape[...])
        guard isRegular, numbers.count == shape.reduce(1, *) else {
            throw failure("value", "should be numbers in lists of equal lengths")
        }
        let name = try string("dtype", default: "float32")
        let dtype: DType
        switch name {
        case "float64", "float16": dtype = .float32
        case "int64", "int16", "int8", "uint16", "uint32": dtype = .int32
        default:
            guard let known = DType(rawValue: name) else {
                throw failure("dtype", "type \(name) is not supported")
            }
            dtype = known
        }
        if dtype == .int32 {
            let whole = numbers.compactMap { Int32(exactly: $0) }
            guard whole.count == numbers.count else {
                throw failure("value", "should be integers of 32 bits")
            }
            return Tensor(whole, shape: shape)
        }
        return Tensor(numbers.map { Float($0) }, shape: shape).cast(to: dtype)
    }
}

extension JSONValue {
    /// Appends the values of nested lists; returns whether the lists have this shape.
    fileprivate func append(to numbers: inout [Double], _ shape: ArraySlice<Int>) -> Bool {
        switch self {
        case .array(let items):
            guard items.count == shape.first else { return false }
            return items.allSatisfy { $0.append(to: &numbers, shape.dropFirst()) }
        case .integer(let value): numbers.append(Double(value))
        case .number(let value): numbers.append(value)
        case .bool(let value): numbers.append(value ? 1 : 0)
        case .null, .string, .object: return false
        }
        return shape.isEmpty
    }

    /// The values of a tensor as Keras writes them into a call.
    init(constant tensor: Tensor) {
        if tensor.shape.isEmpty {
            self = tensor.number(0)
            return
        }
        var values = (0..<tensor.count).map { tensor.number($0) }
        for length in tensor.shape.dropFirst().reversed() where length > 0 {
            values = stride(from: 0, to: values.count, by: length).map {
                .array(Array(values[$0..<$0 + length]))
            }
        }
        self = [
            "class_name": "__tensor__",
            "config": ["value": .array(values), "dtype": .string(tensor.dtype.rawValue)],
        ]
    }
}

extension Tensor {
    /// An element as it is in a file.
    fileprivate func number(_ index: Int) -> JSONValue {
        switch storage {
        case .float32(let values): .float(values[index])
        case .bfloat16: .float(scalars[index])
        case .int32(let values): .integer(Int(values[index]))
        case .uint8(let values): .integer(Int(values[index]))
        case .bool(let values): .bool(values[index])
        }
    }
}
