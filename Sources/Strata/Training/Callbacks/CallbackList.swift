/// The callbacks of one run, called in their order.
struct CallbackList {
    let callbacks: [Callback]

    init(_ callbacks: [Callback], model: Model, epochs: Int = 1, steps: Int) {
        self.callbacks = callbacks
        for callback in callbacks {
            callback.model = model
            callback.parameters = Callback.Parameters(epochs: epochs, steps: steps)
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
