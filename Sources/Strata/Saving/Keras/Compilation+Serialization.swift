extension Compilation {
    var optimizerName: String {
        optimizer.options.name ?? LayerNames.snakeCase(type(of: optimizer).className)
    }

    /// Keras's `compile_config` of a model.
    ///
    /// - Parameters:
    ///   - learningRate: the current learning rate, which a callback may have changed.
    ///   - names: the names of the outputs, if they are members of a dictionary.
    func serialized(learningRate: Float?, names: [String]?) -> JSONValue {
        func perOutput(_ values: [JSONValue]) -> JSONValue {
            if let names {
                return .object(Dictionary(zip(names, values)) { first, _ in first })
            }
            return values.count == 1 ? values[0] : .array(values)
        }
        var optimizer = optimizer
        if case .constant = optimizer.learningRate, let learningRate {
            optimizer.learningRate = .constant(learningRate)
        }
        let losses = losses.map { $0?.serialized.json ?? .null }
        let weights = lossWeights.map { JSONValue.float($0) }
        return [
            "optimizer": optimizer.serialized.json,
            "loss": perOutput(losses),
            "loss_weights": lossWeights.allSatisfy { $0 == 1 }
                ? nil : names == nil ? .array(weights) : perOutput(weights),
            "metrics": Self.json(metrics).map(perOutput) ?? nil,
            "weighted_metrics": Self.json(weightedMetrics).map(perOutput) ?? nil,
            "run_eagerly": false, "steps_per_execution": 1, "jit_compile": false,
        ]
    }

    private static func json(_ metrics: [[any Metric]]) -> [JSONValue]? {
        if metrics.allSatisfy(\.isEmpty) { return nil }
        return metrics.map { JSONValue.array($0.map(\.json)) }
    }
}

extension Model {
    /// Compiles the model by Keras's `compile_config`.
    func compile(_ configuration: Configuration) throws(ConfigurationError) {
        guard let optimizer = configuration.value("optimizer") else { return }
        let names = outputNames
        let optimizerPath = configuration.path("optimizer")
        let lossEntries = try configuration.perOutput("loss", names)
        var losses: [(any Loss)?] = []
        for (value, path) in lossEntries {
            losses.append(value == .null ? nil : try LossRegistry.loss(value, path: path))
        }
        var weights: [Float] = []
        for (value, path) in try configuration.perOutput("loss_weights", names) {
            switch value {
            case .null: weights.append(1)
            case .integer(let weight): weights.append(Float(weight))
            case .number(let weight): weights.append(Float(weight))
            case .bool, .string, .array, .object:
                throw ConfigurationError(path: path, message: "should be a number")
            }
        }
        let metrics = try configuration.metrics("metrics", names)
        let weightedMetrics = try configuration.metrics("weighted_metrics", names)
        do {
            try compile(
                optimizer: OptimizerRegistry.optimizer(optimizer, path: optimizerPath),
                losses: losses, lossWeights: weights, metrics: metrics,
                weightedMetrics: weightedMetrics)
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError(path: configuration.path, error)
        }
    }
}

extension Configuration {
    /// One value for each output: Keras allows a single value, a list, or an object by output
    /// names; missing ones are null.
    fileprivate func perOutput(
        _ key: String, _ names: [String]
    ) throws(ConfigurationError) -> [(value: JSONValue, path: String)] {
        let path = path(key)
        switch value(key) {
        case nil: return names.map { _ in (.null, path) }
        case .object(let members)? where members["class_name"] == nil:
            for name in members.keys where !names.contains(name) {
                throw failure(key, "the model has no output \(name)")
            }
            return names.map { (members[$0] ?? .null, "\(path).\($0)") }
        case .array(let items)?:
            guard items.count == names.count else {
                throw failure(key, "\(items.count) values for \(names.count) outputs")
            }
            return items.enumerated().map { ($1, "\(path)[\($0)]") }
        case let value?:
            return names.map { _ in (value, path) }
        }
    }

    /// The metrics of each output; with one output, the list may be that output's.
    fileprivate func metrics(
        _ key: String, _ names: [String]
    ) throws(ConfigurationError) -> [[any Metric]] {
        let entries: [(value: JSONValue, path: String)]
        if names.count == 1, case .array(let items)? = value(key) {
            if case .array? = items.first, items.count == 1 {
                entries = [(items[0], path("\(key)[0]"))]
            } else {
                entries = [(.array(items), path(key))]
            }
        } else {
            entries = try perOutput(key, names)
        }
        return try entries.map { value, path throws(ConfigurationError) in
            switch value {
            case .null: return []
            case .array(let items):
                return try items.enumerated().map { index, item throws(ConfigurationError) in
                    try MetricRegistry.metric(item, path: "\(path)[\(index)]")
                }
            case .bool, .integer, .number, .string, .object:
                return [try MetricRegistry.metric(value, path: path)]
            }
        }
    }
}
