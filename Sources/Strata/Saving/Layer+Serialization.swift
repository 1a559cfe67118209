extension Layer {
    /// The layer, or the model with all that is in it, as Keras writes it into a configuration.
    ///
    /// Whether it can be read again is ``checkSerializable()``'s question.
    var serialized: SerializedObject {
        var object: SerializedObject
        switch self {
        case let model as Sequential:
            object = SerializedObject(
                module: "keras", className: Sequential.className, config: model.sequentialConfig)
        case let model as Model:
            object = SerializedObject(
                module: "keras.src.models.functional", className: Model.className,
                config: model.functionalConfig, registeredName: Model.className)
        default:
            object = SerializedObject(
                module: "keras.layers", className: Self.className, config: config)
            if !isKerasOwn {
                let type = type(of: self)
                object = object.registered(
                    as: LayerRegistry.custom.registeredName(
                        of: ObjectIdentifier(type), className: type.className))
            }
            if !(self is InputLayer) {
                object.config["trainable"] = .bool(isTrainable)
                object.config["dtype"] = dtypePolicy.serialized.json
            }
            object.config["name"] = .string(name)
            if !variables.isEmpty, let shapes = builtShapes, shapes.count == 1 {
                object.buildConfig = ["input_shape": shapes[0].json]
            }
        }
        return object
    }

    private var isKerasOwn: Bool { LayerRegistry.types.contains { $0 == type(of: self) } }

    /// Finds layers that could be written but never read again.
    func checkSerializable() throws {
        if let model = self as? Model {
            guard let wiring = model.wiring else { throw ModelError(.unbuilt(model: name)) }
            for case .operation(let node) in wiring.steps where !node.inputs.isEmpty {
                throw FileError(
                    "model \(name) applies \(node.operation.name) to tensors outside of any layer, "
                        + "which no file can hold",
                    fix: "use a layer for it: Add, Rescaling, or one of your own")
            }
            for input in model.inputs where !((input.producer as? LayerCall)?.layer is InputLayer) {
                throw FileError(
                    "an input of model \(name) is what another layer made",
                    fix: "make the model's inputs with Input(shape:)")
            }
            for layer in model.layers { try layer.checkSerializable() }
            return
        }
        guard self is any SerializableLayer else {
            throw FileError(
                "layer \(name) is of class \(Self.className), which cannot be read from a file",
                fix: "make \(Self.className) a SerializableLayer and register it with registerLayer"
            )
        }
    }
}

extension Sequential {
    fileprivate var sequentialConfig: [String: JSONValue] {
        var config: [String: JSONValue] = [
            "name": .string(name), "trainable": .bool(isTrainable),
            "dtype": dtypePolicy.serialized.json,
        ]
        var entries: [Layer] = layers
        if let input = inputs.first, let entry = (input.producer as? LayerCall)?.layer {
            entries.insert(entry, at: 0)
            config["build_input_shape"] = input.shape.json
        }
        config["layers"] = .array(entries.map(\.serialized.json))
        return config
    }
}

extension Model {
    /// The layers with their calls; a tensor is named by who made it: layer, call, output.
    fileprivate var functionalConfig: [String: JSONValue] {
        // Calls count from 0 within this model, though a layer may be called elsewhere too.
        var calls: [ObjectIdentifier: [LayerCall]] = [:]
        for case .call(let call) in wiring?.steps ?? [] {
            calls[ObjectIdentifier(call.layer), default: []].append(call)
        }
        calls = calls.mapValues { $0.sorted { $0.index < $1.index } }
        func history(_ tensor: SymbolicTensor) -> (layer: Layer, call: Int, output: Int)? {
            guard let call = tensor.producer as? LayerCall else { return nil }
            let all = calls[ObjectIdentifier(call.layer)] ?? []
            return (call.layer, all.firstIndex { $0 === call } ?? 0, tensor.producerOutput)
        }
        func argument(_ tensor: SymbolicTensor) -> JSONValue {
            guard let (layer, call, output) = history(tensor) else { return nil }
            return [
                "class_name": "__keras_tensor__",
                "config": [
                    "shape": tensor.shape.json, "dtype": .string(tensor.dtype.rawValue),
                    "keras_history": [.string(layer.name), .integer(call), .integer(output)],
                ],
            ]
        }
        func places(_ tensors: [SymbolicTensor]) -> JSONValue {
            let places = tensors.compactMap(history).map { layer, call, output -> JSONValue in
                let index = layer.isFunctional ? call + 1 : call
                return [.string(layer.name), .integer(index), .integer(output)]
            }
            return places.count == 1 ? places[0] : .array(places)
        }
        let entries = layers.map { layer -> JSONValue in
            let nodes = (calls[ObjectIdentifier(layer)] ?? []).map { call -> JSONValue in
                let tensors = call.inputs.map(argument)
                return [
                    "args": .array(tensors.count == 1 ? tensors : [.array(tensors)]),
                    "kwargs": [:],
                ]
            }
            guard case .object(var members) = layer.serialized.json else { return nil }
            members["name"] = .string(layer.name)
            members["inbound_nodes"] = .array(nodes)
            return .object(members)
        }
        return [
            "name": .string(name), "trainable": .bool(isTrainable), "layers": .array(entries),
            "input_layers": places(inputs), "output_layers": places(outputs),
        ]
    }
}

extension Layer {
    /// Whether Keras counts the calls of this layer from 1 where a model's inputs and outputs are
    /// listed (3.15.1, `Functional.get_config`).
    var isFunctional: Bool { self is Model && !(self is Sequential) }
}

extension Shape {
    /// The dimensions as Keras writes them: unknown ones as null.
    var json: JSONValue { .array(dimensions.map { $0.map(JSONValue.integer) ?? .null }) }
}
