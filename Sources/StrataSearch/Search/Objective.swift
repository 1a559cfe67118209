internal import Strata
internal import StrataVisualization

/// The quantity of the logs that a search improves.
enum Objective {
    /// The objective that a caller asked for, or one of the logs: a validation metric if there is
    /// one, accuracies first, otherwise the loss.
    ///
    /// - Throws: a ``HyperParameterError`` if it is not in the logs, or has no direction.
    static func choose(
        _ name: String?, _ logs: Logs, of model: Model
    ) throws -> (name: String, direction: ObjectiveDirection) {
        if let name, logs[name] == nil { throw missing(name, in: logs) }
        let known = logs.keys.filter { model.direction(ofQuantity: $0) != nil }
        let chosen = name ?? RunRecord.objective(of: known)
        guard let chosen, let direction = model.direction(ofQuantity: chosen) else {
            throw HyperParameterError(
                nil, "nothing says whether a large or a small \(chosen ?? "loss") is better",
                fix: "use the name of a metric of the model as objective, or its loss")
        }
        return (chosen, direction)
    }

    static func missing(_ name: String, in logs: Logs) -> HyperParameterError {
        let near = nearestName(to: name, among: logs.keys)
        return HyperParameterError(
            nil,
            "the objective \(name) is not in the logs, which have \(logs.keys.joined(separator: ", "))",
            fix: near.map { "use \($0)" }
                ?? "use one of these as objective; those with val_ need validation data")
    }
}
