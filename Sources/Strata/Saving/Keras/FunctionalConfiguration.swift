internal import StrataGraph

/// Writes a functional model's layers and operations with their calls, as Keras 3.15.1 does.
///
/// A tensor is named by who made it: layer, call, output.
struct FunctionalConfiguration {
    private let model: Model
    /// Calls count from 0 within this model, though a layer may be called elsewhere too.
    private var calls: [ObjectIdentifier: [LayerCall]] = [:]
    /// The operations between layers, and their names in the file.
    private var operations: [(node: Node, calls: KerasCalls, names: [String])] = []
    private var operationNames: [ObjectIdentifier: String] = [:]

    init(_ model: Model) {
        self.model = model
        var taken = Set((model.wiring?.layers ?? []).map(\.name))
        for step in model.wiring?.steps ?? [] {
            switch step {
            case .call(let call): calls[ObjectIdentifier(call.layer), default: []].append(call)
            case .operation(let node):
                guard let calls = node.kerasCalls else { continue }
                let names = calls.calls.map { call in
                    let base = LayerNames.snakeCase(call.className)
                    var name = base
                    var count = 0
                    while !taken.insert(name).inserted {
                        count += 1
                        name = "\(base)_\(count)"
                    }
                    return name
                }
                operations.append((node, calls, names))
                operationNames[ObjectIdentifier(node)] = names.last
            }
        }
        calls = calls.mapValues { $0.sorted { $0.index < $1.index } }
    }

    var members: [String: JSONValue] {
        let layers = (model.wiring?.layers ?? []).map { layer -> JSONValue in
            let nodes = (calls[ObjectIdentifier(layer)] ?? []).map { call in
                node(call.inputs.map(argument), of: layer)
            }
            return entry(layer.serialized, name: layer.name, nodes: nodes)
        }
        let others = operations.flatMap { node, calls, names in
            let entries = calls.entries(names: names, arguments: node.inputs.map(argument)) {
                Self.argument(($0, 0, 0), node.outputs[0])
            }
            return zip(entries, names).map { item, name in
                entry(item.object, name: name, nodes: [item.call])
            }
        }
        return [
            "name": .string(model.name), "trainable": .bool(model.isTrainable),
            "layers": .array(layers + others),
            "input_layers": references(model.inputs, model.inputStructure),
            "output_layers": references(model.outputs, model.outputStructure),
        ]
    }

    private func entry(_ object: SerializedObject, name: String, nodes: [JSONValue]) -> JSONValue {
        guard case .object(var members) = object.json else { return nil }
        members["name"] = .string(name)
        members["inbound_nodes"] = .array(nodes)
        return .object(members)
    }

    /// A call: for a layer, several tensors are one list; for an operation, as in the file.
    private func node(_ tensors: [JSONValue], of layer: Layer) -> JSONValue {
        if let node = (layer as? OperationLayer)?.node {
            var left = tensors[...]
            return OperationArgument.tensors(in: node) { left.popFirst() ?? $0 }
        }
        let structure = (layer as? Model)?.inputStructure
        let arguments =
            structure.map { [$0.json(tensors)] }
            ?? (layer.isList(tensors) ? [.array(tensors)] : tensors)
        return ["args": .array(arguments), "kwargs": [:]]
    }

    private typealias History = (name: String, call: Int, output: Int)

    private func history(_ tensor: SymbolicTensor) -> History? {
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
        if let constant = tensor.node?.constant { return JSONValue(constant: constant) }
        guard let history = history(tensor), let type = tensor.type else { return nil }
        return Self.argument(history, type)
    }

    private static func argument(_ history: History, _ type: TensorType) -> JSONValue {
        [
            "class_name": "__keras_tensor__",
            "config": [
                "shape": type.shape.json, "dtype": .string(type.dtype.rawValue),
                "keras_history": [
                    .string(history.name), .integer(history.call), .integer(history.output),
                ],
            ],
        ]
    }

    private func references(_ tensors: [SymbolicTensor], _ structure: TensorStructure?) -> JSONValue
    {
        let references = tensors.compactMap { tensor -> JSONValue? in
            guard let (name, call, output) = history(tensor) else { return nil }
            let isFunctional = (tensor.producer as? LayerCall)?.layer.isFunctional == true
            return [
                .string(name), .integer(isFunctional ? call + 1 : call), .integer(output),
            ]
        }
        return (structure ?? TensorStructure(count: references.count)).json(references)
    }
}

extension Node {
    /// The values of the node, if it is a constant.
    fileprivate var constant: Tensor? {
        if case .constant(let tensor) = operation { tensor } else { nil }
    }

    /// Whether the operation can be saved between layers.
    var isSerializable: Bool {
        guard kerasCalls != nil else { return false }
        let constants = inputs.filter { $0.node?.constant != nil }
        // A variable is neither a constant nor a layer's output.
        let leaves = inputs.filter {
            !($0.producer is LayerCall) && $0.node?.inputs.isEmpty == true
        }
        return constants.count == leaves.count && constants.count < inputs.count
    }
}
