extension Layer {
    /// The layer, or the model with its contents, as Keras writes it into a configuration.
    ///
    /// ``checkSerializable()`` checks whether it can be read again.
    package var serialized: SerializedObject {
        var object: SerializedObject
        switch self {
        case let model as Sequential:
            object = SerializedObject(
                module: "keras", className: Sequential.className,
                config: FullPadding.divided(model.sequentialConfig))
        case let model as Model:
            object = SerializedObject(
                module: "keras.src.models.functional", className: Model.className,
                config: FullPadding.divided(FunctionalConfiguration(model).members),
                registeredName: Model.className)
        case let operation as OperationLayer:
            object = operation.object
            object.config["name"] = .string(name)
        default:
            object = SerializedObject(
                module: "keras.layers", className: Self.className, config: config)
            if !isKerasOwn {
                let type = type(of: self)
                object = object.registered(
                    as: LayerRegistry.custom.registeredName(
                        of: ObjectIdentifier(type), className: type.className))
            }
            object.config.merge(commonConfig) { own, _ in own }
            object.config["name"] = .string(name)
            if !variables.isEmpty || Self.keepsInputShape, let shapes = builtShapes {
                let all = shapes.map(\.json)
                object.buildConfig = ["input_shape": isList(all) ? .array(all) : all[0]]
            }
        }
        return object
    }

    private var isKerasOwn: Bool { LayerRegistry.types.contains { $0 == type(of: self) } }

    /// Finds layers that could be written but not read again.
    func checkSerializable() throws {
        if let problem = LayerNames.problem(name) { throw GraphError(problem) }
        if let model = self as? Model {
            guard let wiring = model.wiring else { throw ModelError(.unbuilt(model: name)) }
            for case .operation(let node) in wiring.steps
            where !node.inputs.isEmpty && !node.isSerializable {
                throw FileError(
                    "model \(name) applies \(node.operation.name) to tensors outside of any layer, "
                        + "which no file can hold",
                    fix: "use a layer for it, perhaps one of your own")
            }
            for input in model.inputs where !((input.producer as? LayerCall)?.layer is InputLayer) {
                throw FileError(
                    "an input of model \(name) is what another layer made",
                    cure: .init(call: "make the model's inputs with Input(shape:)"))
            }
            for layer in model.layers { try layer.checkSerializable() }
            return
        }
        if isKerasOwn, let inner = sublayers.first(where: \.isFullConvolution) {
            throw FileError(
                "layer \(inner.name) in \(name) has padding .full, which Keras has as two layers and a "
                    + "wrapper cannot hold",
                cure: .init(
                    call: "wrap a Sequential of ZeroPadding and a convolution with padding .valid"))
        }
        guard self is any SerializableLayer || self is OperationLayer else {
            throw FileError(
                "layer \(name) is of class \(Self.className), which cannot be read from a file",
                cure: .init(
                    call:
                        "make \(Self.className) a SerializableLayer and register it with registerLayer"
                ))
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

extension Layer {
    /// Whether Keras's layer is called with a list, even of a single tensor.
    func isList(_ items: [JSONValue]) -> Bool { Self.takesList || items.count != 1 }

    /// Whether Keras counts the calls of this layer from 1 where a model's inputs and outputs are
    /// listed (3.15.1, `Functional.get_config`).
    var isFunctional: Bool { self is Model && !(self is Sequential) }
}

extension Shape {
    /// The dimensions as Keras writes them: unknown ones as null.
    var json: JSONValue { .array(dimensions.map { $0.map(JSONValue.integer) ?? .null }) }
}
