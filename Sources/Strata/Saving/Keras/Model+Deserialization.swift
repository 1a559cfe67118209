extension Sequential {
    /// Creates the model of a Keras configuration.
    convenience init(configuration: Configuration) throws(ConfigurationError) {
        let configuration = FullPadding.joined(configuration)
        self.init(name: try configuration.layerName())
        for (index, value) in try configuration.array("layers").enumerated() {
            let path = configuration.path("layers[\(index)]")
            let layer = try LayerRegistry.layer(SerializedObject(value, path: path), path: path)
            try locatingWiring(at: path) { try append(layer) }
        }
        try locatingWiring(at: configuration.path("layers")) { try rewire() }
        if wiring == nil, configuration.value("build_input_shape") != nil {
            let dimensions = try configuration.array("build_input_shape").map(\.integer)
            try locatingWiring(at: configuration.path("build_input_shape")) {
                try build(inputShape: Shape(dimensions))
            }
        }
    }
}

extension Model {
    /// Creates the functional model of a Keras configuration.
    convenience init(functional configuration: Configuration) throws(ConfigurationError) {
        let configuration = FullPadding.joined(configuration)
        var reader = try FunctionalReader(configuration: configuration)
        try reader.makeCalls()
        let inputs = try reader.tensors("input_layers")
        let outputs = try reader.tensors("output_layers")
        let wiring = try locatingWiring(at: configuration.path("output_layers")) {
            try Wiring(inputs: inputs, outputs: outputs)
        }
        self.init(wiring: wiring, name: try configuration.layerName())
        inputStructure = reader.structure("input_layers")
        outputStructure = reader.structure("output_layers")
    }
}

/// Runs `body`; its errors become errors of the configuration at `path`.
private func locatingWiring<T>(at path: String, _ body: () throws -> T) throws(ConfigurationError)
    -> T
{
    do {
        return try body()
    } catch let error as GraphError {
        let layer = error.layer.map { "layer \($0): " } ?? ""
        throw ConfigurationError(path: path, message: layer + error.problem.sentence)
    } catch {
        throw ConfigurationError(path: path, error)
    }
}

/// Calls layers by a configuration, each as soon as its inputs exist.
private struct FunctionalReader {
    /// A pending call.
    private struct Call {
        let path: String
        let layer: String
        let arguments: [TensorReference]
        /// Its first tensors, as far as they exist.
        var inputs: [SymbolicTensor] = []
    }

    /// One of a layer's calls.
    private struct Source: Hashable {
        let layer: String
        let call: Int
    }

    /// A tensor: an output of one of a layer's calls.
    private struct TensorReference {
        let layer: String
        let call: Int
        let output: Int
        let path: String
    }

    private let configuration: Configuration
    private var layers: [String: Layer] = [:]
    /// The results of each layer's calls so far.
    private var outputs: [String: [[SymbolicTensor]]] = [:]
    /// The pending calls of each layer, the next one last.
    private var pending: [[Call]] = []

    init(configuration: Configuration) throws(ConfigurationError) {
        self.configuration = configuration
        let leftOut = try MaskOperations.names(in: configuration)
        for (index, value) in try configuration.array("layers").enumerated() {
            let path = configuration.path("layers[\(index)]")
            let entry = try Configuration(value, path: path)
            if case .string(let name)? = entry.value("name"), leftOut.contains(name) { continue }
            let layer = try LayerRegistry.layer(SerializedObject(value, path: path), path: path)
            let name = try entry.string("name", default: layer.name)
            guard layers.updateValue(layer, forKey: name) == nil else {
                throw entry.failure("name", "two layers are called \(name)")
            }
            if let input = layer as? InputLayer { outputs[name] = [[input.output]] }
            var calls: [Call] = []
            for (number, node) in try entry.array("inbound_nodes").enumerated() {
                let path = entry.path("inbound_nodes[\(number)]")
                let arguments: [TensorReference]
                if let operation = layer as? OperationLayer {
                    let sources = try operation.takeArguments(of: node, path: path)
                    arguments = try sources.map { source throws(ConfigurationError) in
                        try Self.reference(source.history, source.path)
                    }
                } else {
                    arguments = try Self.arguments(node, path)
                }
                calls.append(Call(path: path, layer: name, arguments: arguments))
            }
            pending.append(calls.reversed())
        }
    }

    /// The tensors of a call, in nested lists or objects.
    private static func arguments(
        _ node: JSONValue, _ path: String
    ) throws(ConfigurationError) -> [TensorReference] {
        if case .array(let items) = node { return try legacyArguments(items, path) }
        let reader = try Configuration(node, path: path)
        try checkKeywords(try reader.object("kwargs").members, "\(path).kwargs")
        var references: [TensorReference] = []
        try gather(.array(try reader.array("args")), "\(path).args", into: &references)
        return references
    }

    /// Keras 2 lists a layer, a call, an output and optional further arguments for each tensor.
    private static func legacyArguments(
        _ items: [JSONValue], _ path: String
    ) throws(ConfigurationError) -> [TensorReference] {
        try items.enumerated().map { index, item throws(ConfigurationError) in
            let path = "\(path)[\(index)]"
            guard case .array(let parts) = item, parts.count == 3 || parts.count == 4 else {
                throw ConfigurationError(path: path, message: "a tensor is expected here")
            }
            if parts.count == 4 {
                try checkKeywords(try Configuration(parts[3], path: "\(path)[3]").members, path)
            }
            return try reference(.array(Array(parts.prefix(3))), path)
        }
    }

    private static func checkKeywords(
        _ members: [String: JSONValue], _ path: String
    ) throws(ConfigurationError) {
        for (name, value) in members where value != .null {
            // Keras's own arguments, which fit, predict and the layers determine again.
            if name == "training" || name == "mask" { continue }
            throw ConfigurationError(
                path: "\(path).\(name)", message: "this argument of a call is not supported")
        }
    }

    private static func gather(
        _ value: JSONValue, _ path: String, into references: inout [TensorReference]
    ) throws(ConfigurationError) {
        switch value {
        case .array(let items):
            for (index, item) in items.enumerated() {
                try gather(item, "\(path)[\(index)]", into: &references)
            }
        case .object(let members) where members["class_name"] == "__keras_tensor__":
            let config = try Configuration(value, path: path).object("config")
            references.append(
                try reference(
                    .array(try config.array("keras_history")), config.path("keras_history")))
        case .object(let members) where members["class_name"] == nil:
            // Keras takes the members of a dictionary in the order of their names.
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                try gather(member, "\(path).\(name)", into: &references)
            }
        case .null, .bool, .integer, .number, .string, .object:
            throw ConfigurationError(path: path, message: "a tensor is expected here")
        }
    }

    private static func reference(
        _ value: JSONValue, _ path: String
    ) throws(ConfigurationError) -> TensorReference {
        guard case .array(let items) = value, items.count == 3, case .string(let layer) = items[0],
            let call = items[1].integer, let output = items[2].integer, call >= 0, output >= 0
        else {
            throw ConfigurationError(
                path: path,
                message: "a layer's name and the indices of call and output are expected here")
        }
        return TensorReference(layer: layer, call: call, output: output, path: path)
    }

    /// The tensor of a reference; `nil` if its call is pending.
    private func tensor(_ reference: TensorReference) throws(ConfigurationError) -> SymbolicTensor?
    {
        guard layers[reference.layer] != nil else {
            throw ConfigurationError(
                path: reference.path, message: "there is no layer \(reference.layer)")
        }
        guard let calls = outputs[reference.layer], reference.call < calls.count else { return nil }
        guard reference.output < calls[reference.call].count else {
            throw ConfigurationError(
                path: reference.path,
                message: "layer \(reference.layer) has no output \(reference.output)")
        }
        return calls[reference.call][reference.output]
    }

    /// Processes the layers, and again those whose next call waited for one that was made: a shared
    /// layer's later call may depend on layers that come after it.
    mutating func makeCalls() throws(ConfigurationError) {
        var next = Array(pending.indices)
        var waiting: [Source: [Int]] = [:]
        while !next.isEmpty {
            let turn = next
            next = []
            for index in turn {
                while !pending[index].isEmpty {
                    if let missing = try gatherInputs(index) {
                        waiting[missing, default: []].append(index)
                        break
                    }
                    guard let call = pending[index].popLast() else { break }
                    try make(call)
                    let count = outputs[call.layer]?.count ?? 0
                    next +=
                        waiting.removeValue(
                            forKey: Source(layer: call.layer, call: count - 1)) ?? []
                }
            }
        }
        if let stuck = pending.lazy.compactMap(\.last).first {
            throw ConfigurationError(
                path: stuck.path,
                message: "layer \(stuck.layer) is called with a tensor that no call makes")
        }
    }

    /// Finds the existing tensors of a layer's next call.
    ///
    /// - Returns: the call that creates the first missing one.
    private mutating func gatherInputs(_ index: Int) throws(ConfigurationError) -> Source? {
        let last = pending[index].count - 1
        let arguments = pending[index][last].arguments
        while pending[index][last].inputs.count < arguments.count {
            let reference = arguments[pending[index][last].inputs.count]
            guard let tensor = try tensor(reference) else {
                return Source(layer: reference.layer, call: reference.call)
            }
            pending[index][last].inputs.append(tensor)
        }
        return nil
    }

    private mutating func make(_ call: Call) throws(ConfigurationError) {
        guard let layer = layers[call.layer], !call.inputs.isEmpty else {
            throw ConfigurationError(path: call.path, message: "a call without tensors")
        }
        let results = layer.wire(call.inputs, site: nil)
        try locatingWiring(at: call.path) {
            if let error = results.compactMap(\.error).first { throw error }
        }
        outputs[call.layer, default: []].append(results)
    }

    /// The model's inputs or outputs: one reference, or a list or dictionary of them.
    func tensors(_ key: String) throws(ConfigurationError) -> [SymbolicTensor] {
        guard let value = configuration.value(key) else {
            throw configuration.failure(key, "is missing")
        }
        var references: [TensorReference] = []
        try gatherReferences(value, configuration.path(key), into: &references)
        return try references.map { reference throws(ConfigurationError) in
            let isFunctional = layers[reference.layer]?.isFunctional == true
            let own = TensorReference(
                layer: reference.layer, call: isFunctional ? reference.call - 1 : reference.call,
                output: reference.output, path: reference.path)
            guard own.call >= 0, let tensor = try tensor(own) else {
                throw ConfigurationError(
                    path: reference.path,
                    message: "layer \(reference.layer) has no call \(reference.call)")
            }
            return tensor
        }
    }

    /// The structure of the model's inputs or outputs; `nil` for one tensor or a list.
    func structure(_ key: String) -> TensorStructure? {
        func read(_ value: JSONValue) -> TensorStructure {
            switch value {
            case .array(let items):
                if case .string? = items.first { return .tensor }
                return .list(items.map(read))
            case .object(let members): return .dictionary(members.mapValues(read))
            case .null, .bool, .integer, .number, .string: return .tensor
            }
        }
        guard let structure = configuration.value(key).map(read) else { return nil }
        if case .list(let items) = structure, items.count > 1,
            items.allSatisfy({ $0 == .tensor })
        {
            return nil
        }
        return structure == .tensor ? nil : structure
    }

    private func gatherReferences(
        _ value: JSONValue, _ path: String, into references: inout [TensorReference]
    ) throws(ConfigurationError) {
        switch value {
        case .array(let items):
            if case .string? = items.first {
                references.append(try Self.reference(value, path))
                return
            }
            for (index, item) in items.enumerated() {
                try gatherReferences(item, "\(path)[\(index)]", into: &references)
            }
        case .object(let members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                try gatherReferences(member, "\(path).\(name)", into: &references)
            }
        case .null, .bool, .integer, .number, .string:
            throw ConfigurationError(path: path, message: "a layer's name is expected here")
        }
    }
}
