import Foundation
import Strata
import Testing

@testable import StrataSearch

/// What happens to a trial is recorded with its reason, and does not end the search.
@Suite struct SearchOutcomeTests {
    struct Broken: Error, CustomStringConvertible {
        let description = "the file of weights is missing"
    }

    /// A pool that is larger than the image: the library's own error, and no part of the budget.
    @Test func tooSmallImagesCostNothing() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search { hp in
            let pool = try hp.int("pool", minValue: 5, maxValue: 8)
            let model = try Sequential {
                Input(shape: [6, 6, 1])
                AveragePooling2D(pool)
                Flatten()
                Dense(3, activation: .softmax)
            }
            try model.compile(
                optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            return model
        }
        let results = try tiny.run(search, SearchBudget(trials: 2))
        let outcomes = Dictionary(grouping: results.trials, by: \.status.name)
        // 5 and 6 fit into an image of 6 × 6; 7 and 8 do not.
        #expect(outcomes["completed"]?.count == 2)
        for trial in outcomes["infeasible"] ?? [] {
            #expect(trial.status.reason?.contains("is smaller than the pool window") == true)
            #expect(trial.objectives.isEmpty)
        }
        // All four values have been tried in the end.
        let all = try tiny.run(search, SearchBudget(trials: 10))
        #expect(all.trials.count == 4)
        #expect(all.trials.count { $0.status.name == "infeasible" } == 2)
    }

    @Test func divergedTrialsAreRecorded() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search(.grid) { hp in
            let rate = try hp.choice("rate", [1e-3, 1e38])
            let model = try Sequential {
                Input(shape: [6, 6, 1])
                Flatten()
                Dense(8)
                Dense(3)
            }
            try model.compile(
                optimizer: SGD(learningRate: rate), loss: .meanSquaredError, metrics: [])
            return model
        }
        let results = try search.search(
            tiny.x, Tensor.zeros([48, 3]), epochs: 3, batchSize: 8, validationSplit: 0.25,
            verbose: .silent)
        #expect(results.objective == "val_loss")
        #expect(results.trials.map(\.status.name) == ["completed", "diverged"])
        #expect(results.trials[1].status.reason?.hasPrefix("the loss became") == true)
        #expect(results.best().map(\.number) == [1])
    }

    @Test func builderThatThrowsOnceIsAFailedTrial() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search(.grid) { hp in
            let width = try hp.choice("width", [2, 4, 8])
            if width == 4 { throw Broken() }
            return try TinySearch.model(width: width, rate: 0.01)
        }
        let results = try tiny.run(search, SearchBudget(trials: 3))
        #expect(results.trials.map(\.status.name) == ["completed", "failed", "completed"])
        #expect(
            results.trials[1].status.reason
                == "the model's builder threw the file of weights is missing")
    }

    /// As KerasTuner, after three in a row.
    @Test func builderThatAlwaysThrowsEndsTheSearch() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search(.grid) { hp in
            _ = try hp.choice("width", [2, 4, 8, 16])
            throw Broken()
        }
        #expect {
            try tiny.run(search, SearchBudget(trials: 10))
        } throws: { error in
            "\(error)" == """
                the last 3 trials failed, trial 3 with width 8: the model's builder threw the file \
                of weights is missing
                  fix: see what these values have in common, or what is wrong with the data
                """
        }
    }

    @Test func modelThatIsNotCompiled() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search { hp in
            let width = try hp.choice("width", [2])
            return try Sequential {
                Input(shape: [6, 6, 1])
                Flatten()
                Dense(width)
            }
        }
        #expect {
            try tiny.run(search, SearchBudget(trials: 2))
        } throws: { error in
            "\(error)" == """
                the model with width 2 is not compiled
                  fix: call compile(optimizer:loss:metrics:) where the model is built
                """
        }
    }

    private static let wrong: [(String, @Sendable (HyperParameters) throws -> Void)] = [
        (
            "hyperparameter width: the choice is empty",
            { hp in _ = try hp.choice("width", [Int]()) }
        ),
        (
            "hyperparameter rate: the range is upside down: from 0.5 to 0.1",
            { hp in _ = try hp.float("rate", minValue: 0.5, maxValue: 0.1) }
        ),
        (
            "hyperparameter width: it is 2 to 4, and is asked for again as 2 to 8",
            { hp in
                _ = try hp.int("width", minValue: 2, maxValue: 4)
                _ = try hp.int("width", minValue: 2, maxValue: 8)
            }
        ),
    ]

    /// Spaces that are wrong are errors of the search, whichever trial shows it.
    @Test(arguments: wrong)
    func wrongSpaces(
        message: String, ask: @escaping @Sendable (HyperParameters) throws -> Void
    ) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search { hp in
            try ask(hp)
            return try TinySearch.model(width: 2, rate: 0.01)
        }
        #expect {
            try tiny.run(search, SearchBudget(trials: 2))
        } throws: { error in
            (error as? HyperParameterError).map { "\($0)".hasPrefix(message) } == true
        }
        // The trial was none: the corrected space begins with trial 1.
        let results = try tiny.run(tiny.search(), SearchBudget(trials: 1))
        #expect(results.trials.map(\.number) == [1])
    }

    @Test func objectiveThatIsNotInTheLogs() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        #expect {
            try tiny.run(tiny.search(objective: "val_acuracy"), SearchBudget(trials: 1))
        } throws: { error in
            "\(error)" == """
                the objective val_acuracy is not in the logs, which have accuracy, loss, \
                val_accuracy, val_loss
                  fix: use val_accuracy
                """
        }
    }

    @Test(arguments: [
        (SearchBudget(trials: 0), 1, "the budget has 0 trials"),
        (SearchBudget(epochs: -1), 1, "the budget has -1 epochs"),
        (SearchBudget(wallTime: .zero), 1, "the budget's time is 0.0 seconds"),
        (SearchBudget(), 0, "epochs is 0"),
        (SearchBudget(), .min, "epochs is -9223372036854775808"),
    ])
    func numbersOutOfRange(budget: SearchBudget, epochs: Int, message: String) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        #expect {
            try tiny.run(tiny.search(), epochs: epochs, budget)
        } throws: { error in
            "\(error)".hasPrefix(message)
        }
    }

    @Test func bestModelHasTheWeightsOfItsBestEpoch() throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let search = tiny.search()
        let results = try tiny.run(search, epochs: 6, SearchBudget(trials: 3))
        let best = try #require(results.best().first)
        let expected = try #require(best.best(.maximum))
        // The last quarter of the samples, which the trials were compared by.
        let logs = try search.bestModel().evaluate(
            tiny.x[36..<48], tiny.y[36..<48], batchSize: 8, verbose: .silent)
        #expect(logs["accuracy"] == expected.value)
    }

    /// Stops a search in the second batch of an epoch.
    private final class Stop: Callback {
        let search: HyperparameterSearch
        let epoch: Int
        private var isThere = false

        init(_ search: HyperparameterSearch, epoch: Int) {
            self.search = search
            self.epoch = epoch
        }

        override func onEpochBegin(_ epoch: Int) { isThere = epoch + 1 == self.epoch }

        override func onTrainBatchBegin(_ batch: Int) {
            if isThere, batch == 1 { search.stopRequest.set() }
        }
    }

    private final class Stopping: HyperModel {
        var search: HyperparameterSearch?
        let epoch: Int

        init(epoch: Int) { self.epoch = epoch }

        func build(_ hp: HyperParameters) throws -> Model { try TinySearch.build(hp) }

        func configureFit(_ arguments: inout FitArguments, _ hp: HyperParameters) throws {
            if let search { arguments.callbacks.append(Stop(search, epoch: epoch)) }
        }
    }

    /// What was trained of the epoch that was not completed is not in the model.
    @Test(arguments: 2...6)
    func stoppedInTheMiddleOfAnEpoch(epoch: Int) throws {
        let tiny = TinySearch()
        defer { tiny.remove() }
        let model = Stopping(epoch: epoch)
        let search = HyperparameterSearch(model, in: tiny.folder, algorithm: .random, seed: 3)
        model.search = search
        let results = try tiny.run(search, epochs: 8, SearchBudget(trials: 1))
        let trial = try #require(results.trials.first)
        #expect(trial.status == .paused)
        #expect(trial.objectives.count == epoch - 1)
        let logs = try search.bestModel().evaluate(
            tiny.x[36..<48], tiny.y[36..<48], batchSize: 8, verbose: .silent)
        #expect(logs["accuracy"] == trial.best(.maximum)?.value)
    }
}
