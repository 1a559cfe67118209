internal import Strata

extension SearchResults {
    /// The results so far of the search in a folder, which other processes may be working at.
    ///
    /// - Throws: a `FileError` if the folder has no search, or its journal is damaged.
    public init(folder: String) throws {
        self.init(try SearchState(ofJournal: SearchFolder(path: folder).journal))
    }

    init(_ state: SearchState) {
        self.init(
            trials: state.trials,
            objective: state.objective?.name ?? state.settings?["objective"]?.text { $0 } ?? "loss",
            direction: state.direction)
    }
}
