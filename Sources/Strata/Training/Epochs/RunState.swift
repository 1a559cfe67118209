internal import StrataGraph

/// The state of a run of `fit` at one moment, beside weights and optimizer.
struct RunState {
    /// The epoch with which training goes on.
    var epoch: Int
    /// The number of steps of that epoch that are done.
    var steps = 0
    /// The logs of those steps.
    var logs = Logs()
    /// Whether training was ended for good, such as by ``EarlyStopping``.
    var isOver = false
    var seeds: SeedStream.Position
    var history: History
    /// The place in the data, by ``EpochSource/position``.
    var data: [String: JSONValue]
    /// The accumulated state of each metric.
    var metrics: [[Tensor]]
    /// What the optimizer shares among all weights, which Keras's files lack with loss scaling.
    var shared: [Tensor]
    var callbacks: [(name: String, state: CallbackState?)]
}

extension RunState {
    /// Captures what belongs to the model and the callbacks.
    init(epoch: Int, of model: Model, data: [String: JSONValue], callbacks: [Callback]) throws {
        self.epoch = epoch
        self.data = data
        seeds = SeedStream.current.position
        history = model.history ?? History()
        metrics = try (model.compilation?.trackers ?? []).map { tracker in
            try tracker.state.map { try $0.value }
        }
        shared = try (model.compilation?.optimizerState?.shared ?? []).map { try $0.value }
        self.callbacks = try callbacks.map { (Self.name(of: $0), try $0.savedState()) }
    }

    private static func name(of callback: Callback) -> String { "\(type(of: callback))" }

    /// Restores random streams, optimizer, metrics and callbacks.
    ///
    /// Callbacks are found by their class and their order among those of the class.
    func restore(_ model: Model, callbacks: [Callback]) throws {
        SeedStream.current.position = seeds
        let trackers = model.compilation?.trackers ?? []
        try Self.restore(trackers.flatMap(\.state), metrics.flatMap(\.self))
        try Self.restore(model.compilation?.optimizerState?.shared ?? [], shared)
        var rest = callbacks
        for (name, state) in self.callbacks {
            guard let index = rest.firstIndex(where: { Self.name(of: $0) == name }) else {
                continue
            }
            let callback = rest.remove(at: index)
            if let state { try callback.restore(state) }
        }
    }

    /// Variables that are not those of before, such as of other metrics, stay as they are.
    private static func restore(_ variables: [Variable], _ values: [Tensor]) throws {
        guard variables.map(\.shape) == values.map(\.shape) else { return }
        for (variable, value) in zip(variables, values) { try variable.assign(value) }
    }
}

// MARK: Files

extension RunState {
    /// The state as JSON, without the tensors.
    var json: JSONValue {
        [
            "steps": .integer(steps), "logs": Self.json(logs), "is_over": .bool(isOver),
            "seed": seeds.seed.map { .integer(Int(truncatingIfNeeded: $0)) } ?? .null,
            "seeds_drawn": .integer(Int(truncatingIfNeeded: seeds.drawn)),
            "history": .array(
                zip(history.epoch, history.logs).map {
                    ["epoch": .integer($0), "logs": Self.json($1)]
                }),
            "data": .object(data),
            "metrics": .array(metrics.map { .integer($0.count) }),
            "callbacks": .array(
                callbacks.map { name, state in
                    [
                        "class_name": .string(name),
                        "values": state.map { .object($0.values) } ?? .null,
                        "tensors": .integer(state?.tensors.count ?? 0),
                    ]
                }),
        ]
    }

    /// The tensors by name.
    var tensors: [String: Tensor] {
        var result: [String: Tensor] = [:]
        for (number, values) in metrics.enumerated() {
            for (index, value) in values.enumerated() {
                result["metrics/\(number)/\(index)"] = value
            }
        }
        for (index, value) in shared.enumerated() { result["optimizer/\(index)"] = value }
        for (number, callback) in callbacks.enumerated() {
            for (index, value) in (callback.state?.tensors ?? []).enumerated() {
                result["callbacks/\(number)/\(index)"] = value
            }
        }
        return result
    }

    /// - Parameters:
    ///   - epoch: the epoch with which training goes on.
    ///   - model: the model, whose metrics define the directions of the history.
    /// - Throws: a ``FileError`` if a member or a tensor is missing.
    init(
        epoch: Int, _ json: JSONValue, _ tensors: [String: Tensor], of model: Model?
    ) throws(FileError) {
        func integer(_ name: String) throws(FileError) -> Int {
            guard let value = json[name]?.integer, value >= 0 else {
                throw FileError("should be a number from 0", location: [name])
            }
            return value
        }
        func several(_ name: String, _ count: Int?) throws(FileError) -> [Tensor] {
            var found: [Tensor] = []
            for index in 0..<max(count ?? 0, 0) {
                guard let tensor = tensors["\(name)/\(index)"] else {
                    throw FileError("the tensor \(name)/\(index) is missing")
                }
                found.append(tensor)
            }
            return found
        }
        self.epoch = epoch
        steps = try integer("steps")
        logs = Self.logs(json["logs"])
        isOver = json["is_over"] == true
        seeds = SeedStream.Position(
            seed: json["seed"]?.integer.map { UInt64(truncatingIfNeeded: $0) },
            drawn: UInt64(try integer("seeds_drawn")))
        history = History()
        for line in json["history"]?.items ?? [] {
            guard let epoch = line["epoch"]?.integer else { continue }
            history.append(epoch, Self.logs(line["logs"]), of: model)
        }
        data = json["data"]?.members ?? [:]
        metrics = []
        for (number, count) in (json["metrics"]?.items ?? []).enumerated() {
            metrics.append(try several("metrics/\(number)", count.integer))
        }
        shared = try several("optimizer", tensors.keys.count { $0.hasPrefix("optimizer/") })
        callbacks = []
        for (number, callback) in (json["callbacks"]?.items ?? []).enumerated() {
            guard case .string(let name)? = callback["class_name"] else { continue }
            let tensors = try several("callbacks/\(number)", callback["tensors"]?.integer)
            let state = callback["values"]?.members.map { CallbackState($0, tensors: tensors) }
            callbacks.append((name, state))
        }
    }

    static func json(_ logs: Logs) -> JSONValue {
        .object(
            Dictionary(
                uniqueKeysWithValues: logs.keys.map { name in
                    (name, .array(logs.values(name).map { .exactly($0) }))
                }))
    }

    static func logs(_ json: JSONValue?) -> Logs {
        var logs = Logs()
        for (name, values) in json?.members ?? [:] {
            logs.set(name, values.items.map { $0.exactFloat ?? .nan })
        }
        return logs
    }
}

extension JSONValue {
    /// A number that is read back as the same bits, unlike the shorter ``float(_:)``.
    static func exactly(_ value: Float) -> JSONValue { .number(Double(value)) }

    /// The number that ``exactly(_:)`` wrote; `nil` if it is none.
    var exactFloat: Float? {
        if case .number(let value) = self { Float(value) } else { nil }
    }

    /// The items of an array; none for any other value.
    fileprivate var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// The members of an object; `nil` for any other value.
    fileprivate var members: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}
