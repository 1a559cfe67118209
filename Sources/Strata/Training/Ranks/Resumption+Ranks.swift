extension BackupAndRestore.Resumption {
    /// What the other ranks have to know of what rank 0 has restored.
    ///
    /// They get variables apart, and metrics at the begin of the epoch.
    var facts: [String: JSONValue] {
        var facts: [String: JSONValue] = ["epoch": .integer(epoch)]
        if var state {
            (state.metrics, state.shared, state.callbacks) = ([], [], [])
            facts["run"] = state.json
        }
        return facts
    }

    /// What rank 0 has restored; `nil` if nothing.
    init?(_ facts: [String: JSONValue], of model: Model) throws {
        guard let epoch = facts["epoch"]?.integer else { return nil }
        let state = try facts["run"].map { run throws(FileError) in
            try RunState(epoch: epoch, run, [:], of: model)
        }
        self.init(epoch: epoch, state: state, restoreWeights: {})
    }
}
