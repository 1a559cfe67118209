extension Model {
    /// How the model is trained, as a run's record has it: optimizer, learning rate, its schedule, and the losses;
    /// empty before the model is compiled.
    package var trainingSettings: [String: JSONValue] {
        guard let compilation else { return [:] }
        let optimizer = compilation.optimizer.inner
        var settings: [String: JSONValue] = [
            "optimizer": .string(type(of: optimizer).className.lowercased()),
            "loss": .string(compilation.losses.map { $0?.name ?? "none" }.joined(separator: ", ")),
        ]
        if let learningRate { settings["learning_rate"] = .float(learningRate) }
        if let schedule = compilation.schedule {
            settings["learning_rate_schedule"] = schedule.serialized.json
        }
        return settings
    }

    /// Which values are better, of each quantity that training gathers and that tells.
    package var quantityDirections: [String: ObjectiveDirection] {
        let names = compilation?.trackers?.map(\.name) ?? []
        let directions = names.compactMap { name in
            direction(ofQuantity: name).map { (name, $0) }
        }
        return Dictionary(directions, uniquingKeysWith: { first, _ in first })
    }
}
