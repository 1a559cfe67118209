extension Trial {
    /// Whether it has the same hyperparameters as another one, with the same values.
    func hasSameValues(as other: [String: HyperParameterValue]) -> Bool {
        values.count == other.count
            && values.allSatisfy { name, value in other[name].map(value.isSame) ?? false }
    }
}

extension Sequence<Trial> {
    /// The first trial that has exactly these values; `nil` if they are new.
    func first(withValues values: [String: HyperParameterValue]) -> Trial? {
        first { $0.hasSameValues(as: values) }
    }
}
