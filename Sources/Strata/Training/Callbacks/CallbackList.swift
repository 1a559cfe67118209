/// The callbacks of one run, called in order.
struct CallbackList {
    let callbacks: [Callback]
    let backups: [BackupAndRestore]

    init(
        _ callbacks: [Callback], model: Model, epochs: Int = 1, steps: Int,
        verbosity: Verbosity = .silent
    ) {
        self.callbacks = callbacks
        backups = callbacks.compactMap { $0 as? BackupAndRestore }
        for callback in callbacks {
            callback.model = model
            callback.parameters = Callback.Parameters(epochs: epochs, steps: steps)
            (callback as? ProgbarLogger)?.verbosity = verbosity
        }
    }

    var isEmpty: Bool { callbacks.isEmpty }

    /// Whether one of them may change something at the begin or the end of a batch.
    var actsOnBatches: Bool { !callbacks.allSatisfy { $0 is any EpochCallback } }

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

    /// The verbosity of the loop's own progress display, which a ``ProgbarLogger`` in the list
    /// replaces.
    func ownVerbosity(_ verbosity: Verbosity) -> Verbosity {
        callbacks.contains { $0 is ProgbarLogger } ? .silent : verbosity
    }

    /// Notifies every callback of an epoch's end; those that set the learning rate add it to the
    /// logs of the following ones.
    func epochEnd(_ epoch: Int, logs: inout Logs) throws {
        for callback in callbacks {
            if callback is any LearningRateReporting, let rate = callback.model?.learningRate {
                logs["learning_rate"] = rate
            }
            try callback.onEpochEnd(epoch, logs: logs)
        }
    }

    /// Notifies every callback of the end of training, even if one of them fails; then throws the
    /// first error.
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

/// A callback that neither changes the model nor ends training for good at a batch, so that several
/// ranks do not wait for it there.
package protocol EpochCallback: Callback {}

/// A callback that sets the learning rate, and adds it to the logs of an epoch.
protocol LearningRateReporting: Callback {}

extension LearningRateReporting {
    /// - Throws: a ``ModelError`` if the model's optimizer has a schedule, as in Keras.
    func checkLearningRateIsSettable() throws(ModelError) {
        let rate = model?.compilation?.optimizer.inner.learningRate
        if let error = rate?.settingError("the learning rate of \(Self.self)") { throw error }
    }
}
