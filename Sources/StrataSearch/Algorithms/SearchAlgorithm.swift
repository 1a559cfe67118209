/// How a search chooses the hyperparameters of its trials, and for how long each is trained.
public enum SearchAlgorithm: Sendable, Hashable {
    /// Values are drawn independently of earlier trials (Bergstra and Bengio, 2012).
    ///
    /// KerasTuner's `RandomSearch`, Optuna's `RandomSampler`.
    case random
    /// Every combination of values, one after the other; 10 values of a range without a step.
    ///
    /// The last hyperparameter that the builder asks for changes fastest. KerasTuner's
    /// `GridSearch`, Optuna's `BruteForceSampler`.
    case grid
    /// The tree-structured Parzen estimator: values that good trials have, and bad ones have not
    /// (Bergstra et al., 2011).
    ///
    /// Optuna's `TPESampler`.
    ///
    /// - `startupTrials`: the number of random trials before, 1 or more.
    case tpe(startupTrials: Int = 10)
    /// Many trials are trained for a few epochs, and the best of them for longer (Li et al., 2018).
    ///
    /// KerasTuner's `Hyperband`. With the sampler `.tpe` trials are drawn as in BOHB (Falkner et
    /// al., 2018); KerasTuner draws them at random.
    ///
    /// - `factor`: one in so many trials goes on, for as many times the epochs; 2 or more.
    /// - `sampler`: how new trials are drawn.
    case hyperband(factor: Int = 3, sampler: HyperbandSampler = .tpe)

    /// How ``SearchAlgorithm/hyperband(factor:sampler:)`` draws new trials.
    public enum HyperbandSampler: String, Sendable, Hashable, CaseIterable {
        /// As ``SearchAlgorithm/random``.
        case random
        /// As ``SearchAlgorithm/tpe(startupTrials:)`` with its default.
        case tpe
    }
}

extension SearchAlgorithm {
    /// The number of random trials before a Parzen estimator is used, Optuna's.
    static let defaultStartupTrials = 10

    /// - Throws: a ``HyperParameterError`` if a setting is out of range.
    func check() throws(HyperParameterError) {
        switch self {
        case .random, .grid: break
        case .tpe(let startupTrials):
            if startupTrials >= 1 { break }
            throw HyperParameterError(
                nil, "tpe has \(startupTrials) startup trials", fix: "use 1 or more")
        case .hyperband(let factor, _):
            if factor >= 2 { break }
            throw HyperParameterError(
                nil, "hyperband's factor is \(factor)", fix: "use 2 or more")
        }
    }
}
