// Values that could not be read from a file are refused when they are created, by the code that
// reads files.

/// Runs a reader on the contents of a hypothetical file.
///
/// - Returns: the reason why it cannot be read; `nil` if it can, or if a custom class is not
///   registered, which matters for files only.
private func readingProblem(_ body: () throws(ConfigurationError) -> Void) -> String? {
    // Random values here must not advance the program's stream of seeds.
    let result = SeedStream.$own.withValue(SeedStream(seed: 0)) {
        Result { () throws(ConfigurationError) in try body() }
    }
    guard case .failure(let error) = result, !error.isUnknownClass else { return nil }
    let path = error.path.split(separator: ".").filter { $0 != "config" }.joined(separator: ".")
    return path.isEmpty ? error.message : "\(path) \(error.message)"
}

extension Layer {
    /// The reason why a file with this layer could not be read; `nil` if it could, or while a file
    /// is read.
    var unreadableProblem: GraphError.Problem? {
        if DecodingLimits.current != nil { return nil }
        if let problem = nameProblem { return problem }
        guard !(self is Model), LayerRegistry.types.contains(where: { $0 == type(of: self) }) else {
            return nil
        }
        let problem = readingProblem { () throws(ConfigurationError) in
            _ = try LayerRegistry.layer(serialized, path: "")
        }
        return problem.map { .invalidArgument($0, fix: "give the layer another value") }
    }
}

extension Layer {
    /// The error of the name of the layer or an inner layer.
    private var nameProblem: GraphError.Problem? {
        if let problem = LayerNames.problem(name) { return problem }
        return self is Model ? nil : sublayers.lazy.compactMap(\.nameProblem).first
    }
}

extension Compilation {
    /// - Throws: a ``ModelError`` if a file with these parts could not be read.
    func checkReadable() throws(ModelError) {
        if let problem = LayerNames.problem(optimizerName) {
            throw ModelError(.invalidArgument(problem.sentence, fix: problem.fix))
        }
        let optimizer = optimizer
        try Self.check(OptimizerRegistry.types, type(of: optimizer).className, type(of: optimizer))
        {
            () throws(ConfigurationError) in
            _ = try OptimizerRegistry.optimizer(optimizer.serialized.json, path: "")
        }
        for loss in losses.compactMap({ $0 }) {
            try Self.check(LossRegistry.types, type(of: loss).className, type(of: loss)) {
                () throws(ConfigurationError) in
                _ = try LossRegistry.loss(loss.serialized.json, path: "")
            }
        }
        for metric in (metrics + weightedMetrics).flatMap({ $0 }) {
            try Self.check(MetricRegistry.types, type(of: metric).className, type(of: metric)) {
                () throws(ConfigurationError) in
                _ = try MetricRegistry.metric(metric.json, path: "")
            }
        }
    }

    /// - Parameter known: Keras's own types; others are not checked.
    private static func check(
        _ known: [Any.Type], _ className: String, _ type: Any.Type,
        _ read: () throws(ConfigurationError) -> Void
    ) throws(ModelError) {
        guard known.contains(where: { $0 == type }), let problem = readingProblem(read) else {
            return
        }
        throw ModelError(
            .invalidArgument("\(className): \(problem)", fix: "make it with another value"))
    }
}
