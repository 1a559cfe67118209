/// The callbacks of one run, called in their order.
struct CallbackList {
    let callbacks: [Callback]

    init(
        _ callbacks: [Callback], model: Model, epochs: Int = 1, steps: Int,
        verbosity: Verbosity = .silent
    ) {
        self.callbacks = callbacks
        for callback in callbacks {
            callback.model = model
            callback.parameters = Callback.Parameters(epochs: epochs, steps: steps)
            (callback as? ProgbarLogger)?.verbosity = verbosity
        }
    }

    var isEmpty: Bool { callbacks.isEmpty }

    func batchBegin(_ batch: Int, _ mode: StepGraph.Mode) throws {
        for callback in callbacks {
            switch mode {
            case .train: try callback.onTrainBatchBegin(batch)
            case .test: try callback.onTestBatchBegin(batch)
            case .predict: try callback.onPredictBatchBegin(batch)
            }
        }
    }

    func batchEnd(_ batch: Int, _ mode: StepGraph.Mode, _ logs: Logs) throws {
        for callback in callbacks {
            switch mode {
            case .train: try callback.onTrainBatchEnd(batch, logs: logs)
            case .test: try callback.onTestBatchEnd(batch, logs: logs)
            case .predict: try callback.onPredictBatchEnd(batch)
            }
        }
    }

    func each(_ body: (Callback) throws -> Void) rethrows {
        for callback in callbacks { try body(callback) }
    }

    /// How the loop itself shows its progress: a ``ProgbarLogger`` in the list does it instead.
    func ownVerbosity(_ verbosity: Verbosity) -> Verbosity {
        callbacks.contains { $0 is ProgbarLogger } ? .silent : verbosity
    }

    /// Tells every callback that an epoch ended; those that look after the learning rate add it to what
    /// the ones after them see.
    func epochEnd(_ epoch: Int, logs: inout Logs) throws {
        for callback in callbacks {
            if callback is any LearningRateReporting, let rate = callback.model?.learningRate {
                logs["learning_rate"] = rate
            }
            try callback.onEpochEnd(epoch, logs: logs)
        }
    }

    /// Tells every callback that training ended, also if one of them fails; then throws the first error.
    func trainEnd(logs: Logs) throws {
        var failure: (any Error)?
        for callback in callbacks {
            do {
                try callback.onTrainEnd(logs: logs)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}

/// A callback that sets the learning rate, and with which the logs of an epoch hold it.
protocol LearningRateReporting: Callback {}

extension LearningRateReporting {
    /// - Throws: a ``ModelError`` where the model's optimizer follows a schedule, as Keras does.
    func checkLearningRateIsSettable() throws(ModelError) {
        let rate = model?.compilation?.optimizer.inner.learningRate
        if let error = rate?.settingError("the learning rate of \(Self.self)") { throw error }
    }
}
