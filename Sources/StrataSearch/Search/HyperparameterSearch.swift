internal import Foundation
public import Strata

/// A search for the hyperparameters with which a model learns best.
///
/// ```swift
/// let search = HyperparameterSearch(in: "search", seed: 1) { hp in
///     let model = try Sequential {
///         Input(shape: [28, 28, 1])
///         Rescaling(1 / 255.0)
///         Conv2D(try hp.int("filters", minValue: 16, maxValue: 64, step: 16), kernelSize: 3)
///         GlobalAveragePooling2D()
///         Dense(10, activation: .softmax)
///     }
///     let rate = try hp.float("learning_rate", minValue: 1e-4, maxValue: 1e-2, sampling: .log)
///     try model.compile(
///         optimizer: Adam(learningRate: rate), loss: .sparseCategoricalCrossentropy,
///         metrics: [.accuracy])
///     return model
/// }
/// let results = try search.search(
///     train, epochs: 5, validationSplit: 0.1, budget: SearchBudget(trials: 20))
/// print(results.table())
/// let best = try search.bestModel()
/// ```
///
/// Everything is in a folder: a journal, and a run folder for each trial. A search that was killed
/// goes on where it was when the same program is started again, in the middle of a trial too.
/// Several processes may work at one search, on one machine or on several with a common folder:
/// each calls `search` with the same folder. KerasTuner's `Tuner`.
///
/// The random values of trials follow from the search's seed alone; the program's own
/// (``setRandomSeed(_:)``) stay as they are. The processes of a machine share its threads: the
/// number of threads changes while a search runs.
public final class HyperparameterSearch {
    /// Ends the search after the current batch, from any thread; it can be continued later.
    public let stopRequest = StopRequest()
    private let hyperModel: any HyperModel
    private let folder: SearchFolder
    private let algorithm: SearchAlgorithm?
    private let objective: String?
    private let seed: UInt64?
    private let space: SearchSpace
    private let facts: [String: JSONValue]
    /// The number of processes that are being started for this search.
    package var expectedWorkers = 1

    /// - Parameters:
    ///   - hyperModel: builds the models.
    ///   - folder: the folder of the search, which is created if it is missing, and continued if it
    ///     has a search.
    ///   - algorithm: how values are chosen; that of the folder if left out, in a new one
    ///     Hyperband with TPE.
    ///   - objective: the quantity of the logs to improve, such as `val_loss`; if left out, a
    ///     validation metric if there is one, accuracies first, otherwise the loss.
    ///   - seed: the random seed; the same seed gives the same search. That of the folder if left
    ///     out, in a new one a random one.
    ///   - space: hyperparameters that replace those of the hypermodel with their names.
    ///   - settings: further facts, such as the name of the data, which go into the trials' run
    ///     folders and have to be the same where a search is continued.
    public init(
        _ hyperModel: any HyperModel, in folder: String = "search",
        algorithm: SearchAlgorithm? = nil, objective: String? = nil, seed: UInt64? = nil,
        space: SearchSpace = SearchSpace(), settings: [String: JSONValue] = [:]
    ) {
        self.hyperModel = hyperModel
        self.folder = SearchFolder(path: folder)
        self.algorithm = algorithm
        self.objective = objective
        self.seed = seed
        self.space = space
        facts = settings
    }

    /// A search with a closure that builds a compiled model.
    ///
    /// The other parameters are those of the initializer for a ``HyperModel``.
    public convenience init(
        in folder: String = "search", algorithm: SearchAlgorithm? = nil, objective: String? = nil,
        seed: UInt64? = nil, space: SearchSpace = SearchSpace(),
        settings: [String: JSONValue] = [:], build: @escaping (HyperParameters) throws -> Model
    ) {
        self.init(
            ModelBuilder(body: build), in: folder, algorithm: algorithm, objective: objective,
            seed: seed, space: space, settings: settings)
    }

    /// Searches with samples in memory, until the budget is used up.
    ///
    /// - Parameters:
    ///   - x: samples `[count, …]`.
    ///   - y: the targets, as for `Model.fit`.
    ///   - epochs: the largest number of epochs of a trial, 1 or more.
    ///   - batchSize: samples in a step, unless the hypermodel chooses.
    ///   - validationSplit: the fraction at the end that trials are compared by.
    ///   - validationData: samples that trials are compared by; overrides `validationSplit`.
    ///   - budget: when the search ends.
    ///   - verbose: whether a line is printed for each trial.
    /// - Returns: the results of all trials so far.
    /// - Throws: a ``HyperParameterError`` if the search space or the folder does not fit, or no
    ///   trial gave a result; a ``FileError`` if the folder cannot be written. A trial that fails
    ///   does not end the search.
    @discardableResult
    public func search(
        _ x: Tensor, _ y: Tensor, epochs: Int, batchSize: Int = 32, validationSplit: Double = 0,
        validationData: (x: Tensor, y: Tensor)? = nil, budget: SearchBudget = SearchBudget(),
        verbose: Verbosity = .automatic
    ) throws -> SearchResults {
        let validation: SearchData.Validation =
            validationData.map { .data(x: [$0.x], y: [$0.y]) } ?? .split(validationSplit)
        return try search(
            .arrays(x: [x], y: [y], classNames: [], validation: validation), epochs: epochs,
            batchSize: batchSize, budget, verbose)
    }

    /// Searches with labelled images.
    ///
    /// The parameters are those of the method for tensors.
    @discardableResult
    public func search(
        _ images: LabelledImages, epochs: Int, batchSize: Int = 32, validationSplit: Double = 0,
        validationData: LabelledImages? = nil, budget: SearchBudget = SearchBudget(),
        verbose: Verbosity = .automatic
    ) throws -> SearchResults {
        let validation: SearchData.Validation =
            validationData.map { .data(x: [$0.x], y: [$0.y]) } ?? .split(validationSplit)
        return try search(
            .arrays(
                x: [images.x], y: [images.y], classNames: images.classNames,
                validation: validation), epochs: epochs, batchSize: batchSize, budget, verbose)
    }

    /// Searches with a data set, such as the images of a folder.
    ///
    /// The data set has batches of its own; the other parameters are those of the method for
    /// tensors.
    @discardableResult
    public func search(
        _ data: any Dataset, epochs: Int, validationData: (any Dataset)? = nil,
        budget: SearchBudget = SearchBudget(), verbose: Verbosity = .automatic
    ) throws -> SearchResults {
        try search(
            .dataset(data, validation: validationData), epochs: epochs, batchSize: 32, budget,
            verbose)
    }

    private func search(
        _ data: SearchData, epochs: Int, batchSize: Int, _ budget: SearchBudget,
        _ verbosity: Verbosity
    ) throws -> SearchResults {
        try budget.check()
        try algorithm?.check()
        for (name, value) in [("epochs", epochs), ("batchSize", batchSize)] where value < 1 {
            throw HyperParameterError(nil, "\(name) is \(value)", fix: "use 1 or more")
        }
        stopRequest.clear()
        let requested = RequestedSettings(
            algorithm: algorithm, seed: seed, epochs: epochs, objective: objective, space: space,
            facts: facts)
        if FileContents.size(of: folder.journal) ?? 0 > 0 {
            _ = try requested.matching(SearchState(ofJournal: folder.journal))
        }
        let draw = TrialDraw(hyperModel: hyperModel, batchSize: batchSize)
        try SeedStream.$own.withValue(SeedStream(seed: 0)) {
            try space.checkNames { hp in try draw.ask(hp) }
        }
        try folder.make()
        let registry = try WorkerRegistry(folder.workers)
        let journal = SearchJournal(folder.journal, worker: registry.worker)
        let settings = try journal.locked { writer in
            if let settings = try requested.matching(writer.state) {
                try writer.append(.join)
                return settings
            }
            let settings = requested.new
            try writer.append(.search(settings.json))
            return settings
        }
        let context = SearchContext(
            settings: settings, limits: SearchLimits(budget: budget, stopRequest: stopRequest),
            folder: folder, journal: journal)
        let worker = SearchWorker(
            context, registry, draw, data,
            ThreadShare(total: threadCount(), expectedWorkers: expectedWorkers),
            isVerbose: verbosity != .silent)
        // Random values of its own, which leave those of the program alone.
        try SeedStream.$own.withValue(SeedStream(seed: settings.seed)) { try worker.run() }
        try TrialFailures.checkThereIsAResult(journal.state)
        return SearchResults(journal.state)
    }

    /// The results so far, of a search that may still be going on in another process.
    ///
    /// - Throws: a ``FileError`` if the folder has no search.
    public func results() throws -> SearchResults { try SearchResults(folder: folder.path) }

    /// The model of the best trial, with the weights of its best epoch.
    ///
    /// - Throws: a ``HyperParameterError`` if no trial has a result yet, or a ``FileError``.
    public func bestModel() throws -> Model {
        guard let best = try results().best().first else {
            throw HyperParameterError(
                nil, "no trial has a result yet", fix: "call search first, with a larger budget")
        }
        return try Model.load(from: folder.model(best.number))
    }
}

/// A hypermodel that is a closure.
private struct ModelBuilder: HyperModel {
    let body: (HyperParameters) throws -> Model

    func build(_ hp: HyperParameters) throws -> Model { try body(hp) }
}
