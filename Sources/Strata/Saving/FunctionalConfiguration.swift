internal import StrataGraph

/// Writes a functional model's layers and operations with their calls, as Keras 3.15.1 does.
///
/// A tensor is named by who made it: layer, call, output.
struct FunctionalConfiguration {
    private let model: Model
    /// Calls count from 0 within this model, though a layer may be called elsewhere too.
    private var calls: [ObjectIdentifier: [LayerCall]] = [:]
    /// What was applied to tensors outside of layers, and the names that this has in the file.
    private var operations: [(node: Node, function: OperationLayer.Function, name: String)] = []
    private var operationNames: [ObjectIdentifier: String] = [:]

    init(_ model: Model) {
        self.model = model
        var taken = Set(model.layers.map(\.name))
        for step in model.wiring?.steps ?? [] {
            switch step {
            case .call(let call): calls[ObjectIdentifier(call.layer), default: []].append(call)
            case .operation(let node):
                guard let function = OperationLayer.Function(node.operation) else { continue }
                let base = LayerNames.snakeCase(function.className)
                var name = base
                var count = 0
                while !taken.insert(name).inserted {
                    count += 1
                    name = "\(base)_\(count)"
                }
                operations.append((node, function, name))
                operationNames[ObjectIdentifier(node)] = name
            }
        }
        calls = calls.mapValues { $0.sorted { $0.index < $1.index } }
    }

    var members: [String: JSONValue] {
        let layers = model.layers.map { layer -> JSONValue in
            let nodes = (calls[ObjectIdentifier(layer)] ?? []).map { call in
                node(call.inputs.map(argument), of: layer)
            }
            return entry(layer.serialized, name: layer.name, nodes: nodes)
        }
        let others = operations.map { node, function, name in
            let arguments = node.inputs.map(argument)
            let call: JSONValue = [
                "args": .array(function.takesList ? [.array(arguments)] : arguments), "kwargs": [:],
            ]
            return entry(function.serialized(name: name), name: name, nodes: [call])
        }
        return [
            "name": .string(model.name), "trainable": .bool(model.isTrainable),
            "layers": .array(layers + others),
            "input_layers": places(model.inputs), "output_layers": places(model.outputs),
        ]
    }

    private func entry(_ object: SerializedObject, name: String, nodes: [JSONValue]) -> JSONValue {
        guard case .object(var members) = object.json else { return nil }
        members["name"] = .string(name)
        members["inbound_nodes"] = .array(nodes)
        return .object(members)
    }

    /// A call: of a layer, several tensors are one list; of an operation, several arguments.
    private func node(_ tensors: [JSONValue], of layer: Layer) -> JSONValue {
        var arguments = layer.isList(tensors) ? [.array(tensors)] : tensors
        if let operation = layer as? OperationLayer {
            arguments = operation.function.takesList ? [.array(tensors)] : tensors
            if let operand = operation.operand {
                arguments.insert(.float(operand.value), at: min(operand.place, arguments.count))
            }
        }
        return ["args": .array(arguments), "kwargs": [:]]
    }

    private func history(_ tensor: SymbolicTensor) -> (name: String, call: Int, output: Int)? {
        if let call = tensor.producer as? LayerCall {
            let all = calls[ObjectIdentifier(call.layer)] ?? []
            return (
                call.layer.name, all.firstIndex { $0 === call } ?? 0, tensor.producerOutput
            )
        }
        guard let node = tensor.node, let name = operationNames[ObjectIdentifier(node)] else {
            return nil
        }
        return (name, 0, 0)
    }

    private func argument(_ tensor: SymbolicTensor) -> JSONValue {
        if let number = tensor.node?.number { return .float(number) }
        guard let (name, call, output) = history(tensor) else { return nil }
        return [
            "class_name": "__keras_tensor__",
            "config": [
                "shape": tensor.shape.json, "dtype": .string(tensor.dtype.rawValue),
                "keras_history": [.string(name), .integer(call), .integer(output)],
            ],
        ]
    }

    private func places(_ tensors: [SymbolicTensor]) -> JSONValue {
        let places = tensors.compactMap { tensor -> JSONValue? in
            guard let (name, call, output) = history(tensor) else { return nil }
            let isFunctional = (tensor.producer as? LayerCall)?.layer.isFunctional == true
            return [
                .string(name), .integer(isFunctional ? call + 1 : call), .integer(output),
            ]
        }
        return places.count == 1 ? places[0] : .array(places)
    }
}

extension Node {
    /// The number that the node stands for, if it is one.
    fileprivate var number: Float? {
        guard case .constant(let tensor) = operation, tensor.shape.isEmpty else { return nil }
        return tensor.scalars.first
    }

    /// Whether a file can hold the operation as one between layers.
    var isSerializable: Bool {
        guard OperationLayer.Function(operation) != nil else { return false }
        let numbers = inputs.filter { $0.node?.number != nil }
        // A constant tensor or a variable is no number, and nothing that a layer made.
        let leaves = inputs.filter {
            !($0.producer is LayerCall) && $0.node?.inputs.isEmpty == true
        }
        return numbers.count == leaves.count && numbers.count < inputs.count
    }
}
