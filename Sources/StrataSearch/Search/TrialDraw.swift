internal import Strata

/// Draws the hyperparameters of trials, and builds their models.
struct TrialDraw {
    let hyperModel: any HyperModel
    /// The batch size, unless the hypermodel chooses one.
    let batchSize: Int

    /// A model ready for training.
    struct Built {
        let model: Model
        let arguments: FitArguments
    }

    /// Why there is no model.
    struct Failure: Error {
        let error: any Error

        /// - Throws: the error, if it is not of this trial alone.
        func status() throws -> Trial.Status {
            switch error {
            case let error as HyperParameterError: throw error
            case let error as GraphError: .infeasible("\(error)")
            case let error as ModelError: .infeasible("\(error)")
            case let error as ConfigurationError: .infeasible("\(error)")
            default: .failed("the model's builder threw \(error)")
            }
        }
    }

    /// Draws the values of a new trial.
    ///
    /// - Returns: `nil` if only values are found that have been tried before.
    /// - Throws: a ``HyperParameterError`` if the search space is wrong.
    func new(
        _ number: Int, after trials: [Trial], _ settings: SearchSettings,
        _ direction: ObjectiveDirection
    ) throws -> (hyperParameters: HyperParameters, result: Result<Built, Failure>)? {
        for attempt in 0..<SearchAlgorithm.maxAttempts {
            var sampler = settings.algorithm.sampler(
                seed: settings.seed, trial: number, attempt: attempt, trials: trials,
                direction: direction)
            let hp = HyperParameters(space: settings.space) { try sampler.value(of: $0) }
            let result = build(hp, number, settings)
            if case .failure(let failure) = result,
                let error = failure.error as? HyperParameterError
            {
                throw error
            }
            if trials.first(withValues: hp.values) != nil { continue }
            return (hp, result)
        }
        return nil
    }

    /// Builds the model of a trial again.
    func rebuild(_ trial: Trial, _ settings: SearchSettings) -> Result<Built, Failure> {
        let hp = HyperParameters(space: settings.space) { parameter in
            guard let value = trial.values[parameter.name] else {
                throw HyperParameterError(
                    parameter.name, "trial \(trial.number) was drawn without it",
                    fix: "continue a search with the hypermodel that it was begun with")
            }
            return try parameter.checked(value)
        }
        return build(hp, trial.number, settings)
    }

    /// Asks for the hyperparameters, as a trial does.
    func ask(_ hp: HyperParameters) throws {
        _ = try make(hp)
    }

    private func make(_ hp: HyperParameters) throws -> Built {
        // A model that is built again has the names that it had.
        let model = try LayerNames.countingAnew { try hyperModel.build(hp) }
        var arguments = FitArguments(batchSize: batchSize)
        try hyperModel.configureFit(&arguments, hp)
        return Built(model: model, arguments: arguments)
    }

    private func build(
        _ hp: HyperParameters, _ number: Int, _ settings: SearchSettings
    ) -> Result<Built, Failure> {
        setRandomSeed(settings.seed(ofTrial: number))
        do {
            let built = try make(hp)
            guard built.model.isCompiled else {
                throw HyperParameterError(
                    nil, "the model with \(hp.text) is not compiled",
                    fix: "call compile(optimizer:loss:metrics:) where the model is built")
            }
            return .success(built)
        } catch {
            return .failure(Failure(error: error))
        }
    }
}

extension HyperParameters {
    /// The values in the order in which they were asked for.
    fileprivate var text: String { space.text(values) }
}

extension [HyperParameter] {
    /// The values in the order of the hyperparameters: `filters 32, rate 0.5`.
    func text(_ values: [String: HyperParameterValue]) -> String {
        let parts = compactMap { parameter in
            values[parameter.name].map { "\(parameter.name) \($0)" }
        }
        return parts.isEmpty ? "no hyperparameters" : parts.joined(separator: ", ")
    }
}
