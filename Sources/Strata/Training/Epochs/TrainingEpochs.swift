/// The result of a training epoch.
public struct TrainingEpoch: Sendable, Hashable {
    /// The epoch's index, from 0.
    public let number: Int
    /// The epoch's logs: `loss`, `accuracy`, `val_loss`.
    public let logs: Logs
}

/// Training as an asynchronous sequence of epochs, each trained on request.
///
/// ```swift
/// for try await epoch in model.epochs(of: x, y, epochs: 20, validationSplit: 0.1) {
///     print(epoch.number + 1, epoch.logs["val_loss"] ?? .nan)
///     if epoch.logs["val_accuracy"] ?? 0 > 0.9 { break }
/// }
/// ```
///
/// Training runs on the loop's actor, not on a thread of its own. A model belongs to one actor or
/// task, and nothing else can use it during a step. Between steps the actor is free for others, so
/// a loop on the main actor does not block an interface. Nothing is trained while the loop's body
/// runs, or after `break`; the end of the loop, whatever the reason, is the end of training for
/// callbacks. A cancelled task makes the loop throw `CancellationError` after the current step. The
/// model keeps what it has learned.
///
/// Each loop over the sequence starts from the first epoch's index again, with the current weights.
/// Invalid arguments are errors of the loop, before the first epoch.
public struct TrainingEpochs: AsyncSequence {
    public typealias Element = TrainingEpoch
    public typealias Failure = any Error

    fileprivate let makeRun: () throws -> FitRun

    public func makeAsyncIterator() -> Iterator { Iterator(makeRun: makeRun) }

    public struct Iterator: AsyncIteratorProtocol {
        /// The time for which steps run before the actor yields.
        private static let turn = Duration.milliseconds(20)

        fileprivate let makeRun: () throws -> FitRun
        private var run: FitRun?
        private var isOver = false

        fileprivate init(makeRun: @escaping () throws -> FitRun) {
            self.makeRun = makeRun
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> TrainingEpoch? {
            if isOver { return nil }
            do {
                if let epoch = try await nextEpoch(isolation: actor) { return epoch }
            } catch {
                end()
                throw error
            }
            end()
            return nil
        }

        private mutating func nextEpoch(
            isolation actor: isolated (any Actor)?
        ) async throws -> TrainingEpoch? {
            let run = try self.run ?? makeRun()
            self.run = run
            var start = ContinuousClock.now
            while true {
                switch try run.advanceAlone() {
                case .epoch(let epoch): return epoch
                case .end: return nil
                case .step: break
                }
                if ContinuousClock.now - start > Self.turn {
                    await Task.yield()
                    start = ContinuousClock.now
                }
            }
        }

        private mutating func end() {
            isOver = true
            run = nil
        }
    }
}

extension Model {
    /// Trains the model on samples in memory, epoch by epoch, in a loop.
    ///
    /// The parameters are those of `fit`; by default nothing is printed.
    ///
    /// - Returns: the epochs, each of which is trained on request.
    public func epochs(
        of x: Tensor, _ y: Tensor, batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .silent, callbacks: [Callback] = [], validationSplit: Double = 0,
        validationData: (x: Tensor, y: Tensor)? = nil, shuffle: Bool = true,
        classWeight: [Int: Float]? = nil, sampleWeight: Tensor? = nil, initialEpoch: Int = 0,
        validationFrequency: Int = 1
    ) -> TrainingEpochs {
        TrainingEpochs {
            try self.fitRun(
                [x], [y], batchSize: batchSize, validationSplit: validationSplit,
                validationData: validationData.map { ([$0.x], [$0.y], nil) }, shuffle: shuffle,
                classWeight: classWeight, sampleWeight: sampleWeight,
                plan: FitRun.Plan(
                    epochs: epochs, initialEpoch: initialEpoch,
                    validationFrequency: validationFrequency, verbosity: verbose,
                    callbacks: callbacks))
        }
    }

    /// Trains the model on labelled images, epoch by epoch, in a loop.
    ///
    /// The parameters are those of the method for tensors.
    public func epochs(
        of images: LabelledImages, batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .silent, callbacks: [Callback] = [], validationSplit: Double = 0,
        validationData: LabelledImages? = nil, shuffle: Bool = true,
        classWeight: [Int: Float]? = nil, initialEpoch: Int = 0
    ) -> TrainingEpochs {
        TrainingEpochs {
            self.takeClassNames(images.classNames)
            return try self.fitRun(
                [images.x], [images.y], batchSize: batchSize, validationSplit: validationSplit,
                validationData: validationData.map { ([$0.x], [$0.y], nil) }, shuffle: shuffle,
                classWeight: classWeight, sampleWeight: nil,
                plan: FitRun.Plan(
                    epochs: epochs, initialEpoch: initialEpoch, validationFrequency: 1,
                    verbosity: verbose, callbacks: callbacks))
        }
    }

    /// Trains the model on a data set, epoch by epoch, in a loop.
    ///
    /// The parameters are those of `fit` for a ``Dataset``.
    public func epochs(
        of data: any Dataset, epochs: Int = 1, verbose: Verbosity = .silent,
        callbacks: [Callback] = [], validationData: (any Dataset)? = nil,
        classWeight: [Int: Float]? = nil, initialEpoch: Int = 0, stepsPerEpoch: Int? = nil,
        validationSteps: Int? = nil, validationFrequency: Int = 1
    ) -> TrainingEpochs {
        TrainingEpochs {
            try self.fitRun(
                data, validationData: validationData, classWeight: classWeight,
                stepsPerEpoch: stepsPerEpoch, validationSteps: validationSteps,
                plan: FitRun.Plan(
                    epochs: epochs, initialEpoch: initialEpoch,
                    validationFrequency: validationFrequency, verbosity: verbose,
                    callbacks: callbacks))
        }
    }
}
