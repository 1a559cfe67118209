internal import Strata

/// What makes a search this search: it stays the same until it is over, whoever works at it.
struct SearchSettings {
    var algorithm: SearchAlgorithm
    var seed: UInt64
    /// The largest number of epochs of a trial.
    var epochs: Int
    /// The quantity to improve; `nil` if it is chosen from the first logs.
    var objective: String?
    var space: SearchSpace
    /// Further facts, such as the data.
    var facts: [String: JSONValue]

    /// The seed of a trial's weights and of what is drawn in its training.
    func seed(ofTrial number: Int) -> UInt64 {
        RandomGenerator.derived(seed, salt: UInt64(number))
    }

    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "version": 1, "algorithm": algorithm.json, "seed": .string("\(seed)"),
            "epochs": .integer(epochs), "objective": objective.map { .string($0) } ?? .null,
            "space": space.json,
        ]
        members.merge(facts) { own, _ in own }
        return members
    }
}

/// The settings that a caller asked for; what is `nil` is that of the folder, or a default.
struct RequestedSettings {
    var algorithm: SearchAlgorithm?
    var seed: UInt64?
    var epochs: Int
    var objective: String?
    var space: SearchSpace
    var facts: [String: JSONValue]

    /// The settings of a new search.
    var new: SearchSettings {
        SearchSettings(
            algorithm: algorithm ?? .hyperband(), seed: seed ?? .random(in: 0...UInt64(UInt32.max)),
            epochs: epochs, objective: objective, space: space, facts: facts)
    }

    /// The settings of the search that a folder has; `nil` if there is none yet.
    ///
    /// - Throws: a ``HyperParameterError`` that names what is different.
    func matching(_ state: SearchState) throws(HyperParameterError) -> SearchSettings? {
        guard let known = state.settings else {
            if state.trials.isEmpty { return nil }
            throw HyperParameterError(
                nil, "the journal of the folder's search has lost its first line",
                fix: "restore the journal, or begin a search in another folder")
        }
        guard let algorithm = known["algorithm"].flatMap({ try? SearchAlgorithm(json: $0) }),
            let seed = known["seed"]?.text({ UInt64($0) })
        else {
            throw HyperParameterError(
                nil, "the folder's search is of another version", fix: "use another folder")
        }
        var settings = new
        if self.algorithm == nil { settings.algorithm = algorithm }
        if self.seed == nil { settings.seed = seed }
        if objective == nil { settings.objective = known["objective"]?.text { $0 } }
        let wanted = settings.json
        for name in Set(wanted.keys).union(known.keys).sorted() where wanted[name] != known[name] {
            let text = { (value: JSONValue?) in value.map { $0.text } ?? "nothing" }
            throw HyperParameterError(
                nil,
                "the folder has a search whose \(name) is \(text(known[name])), "
                    + "and not \(text(wanted[name]))",
                fix: "use another folder, or the same \(name)")
        }
        return settings
    }
}
