internal import Strata

extension SearchSpace {
    /// More values of a hyperparameter are not tried: the first and the last stand for them.
    private static let mostValues = 32

    /// More builds are not tried; what is still unknown then counts as known.
    private static let mostBuilds = 1000

    /// Checks that each hyperparameter of the space is one that the model has.
    ///
    /// Since some are only asked for where others have certain values, the builder is called for
    /// every value of each hyperparameter, until all names of the space were asked for; mostly that
    /// is once.
    ///
    /// - Parameter build: asks for hyperparameters; its errors only count if they are about one of
    ///   the space.
    /// - Throws: a ``HyperParameterError`` with the most similar name for one that the builder
    ///   never asks for, or if it cannot use the values of one.
    func checkNames(_ build: (HyperParameters) throws -> Void) throws(HyperParameterError) {
        let names = hyperParameters.map(\.name)
        var missing = names[...]
        var hasBuilt = false
        var seen: Set<String> = []
        var trials: [[String: HyperParameterValue]] = [[:]]
        var next = 0
        while next < trials.count {
            missing = missing.drop(while: seen.contains)
            if missing.isEmpty || next == Self.mostBuilds { return }
            let values = trials[next]
            next += 1
            let hp = HyperParameters(space: self) {
                values[$0.name] ?? $0.domain.defaultValue
            }
            do {
                try build(hp)
                hasBuilt = true
            } catch let error as HyperParameterError where names.contains(error.name ?? "") {
                throw error
            } catch {}
            for parameter in hp.space where seen.insert(parameter.name).inserted {
                let others = parameter.domain.examples(atMost: Self.mostValues).dropFirst()
                trials += others.map { values.merging([parameter.name: $0]) { $1 } }
            }
        }
        // A builder that always fails has not come to all of its hyperparameters.
        guard hasBuilt, let name = missing.first(where: { !seen.contains($0) }) else { return }
        let near = nearestName(to: name, among: seen.sorted())
        throw HyperParameterError(
            name, "it is in \(title), but the model never asks for it",
            fix: near.map { "did you mean \($0)?" }
                ?? "use one of \(seen.sorted().joined(separator: ", "))")
    }
}

extension HyperParameter.Domain {
    /// All values, the default first, or the first and the last if there are too many.
    fileprivate func examples(atMost limit: Int) -> [HyperParameterValue] {
        if let count, count <= limit { return (0..<count).map { value(at: $0) } }
        return [defaultValue, value(atQuantile: 1)]
    }
}
