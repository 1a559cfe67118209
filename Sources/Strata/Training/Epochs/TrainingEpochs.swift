/// What an epoch of training came to.
public struct TrainingEpoch: Sendable, Hashable {
    /// The epoch's number, from 0.
    public let number: Int
    /// What `fit` records of it: `loss`, `accuracy`, `val_loss`.
    public let logs: Logs
}

/// The epochs of a training, which is done while a loop asks for them.
///
/// ```swift
/// for try await epoch in model.epochs(of: x, y, epochs: 20, validationSplit: 0.1) {
///     print(epoch.number + 1, epoch.logs["val_loss"] ?? .nan)
///     if epoch.logs["val_accuracy"] ?? 0 > 0.9 { break }
/// }
/// ```
///
/// Training runs where the loop runs: on its actor, and on no thread of its own. A model belongs to one actor or
/// task, and nothing else can touch it during a step. Between steps the actor is free for others, so that a
/// loop on the main actor does not hold up an interface. Nothing is trained while the loop's body runs, or after
/// `break`; the end of the loop, whatever the reason, is the end of training for callbacks. A cancelled task
/// makes the loop throw `CancellationError` after the step that is running. What was trained stays in the model.
///
/// Each loop over the sequence trains anew from the first epoch's number, with the weights as they are then.
/// Wrong arguments are thrown by the loop, before the first epoch.
public struct TrainingEpochs: AsyncSequence {
    public typealias Element = TrainingEpoch
    public typealias Failure = any Error

    fileprivate let makeRun: () throws -> FitRun

    public func makeAsyncIterator() -> Iterator { Iterator(makeRun: makeRun) }

    public struct Iterator: AsyncIteratorProtocol {
        /// For how long steps run before others have a turn.
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
    /// Trains the model on samples in memory, epoch by epoch, in a loop of one's own.
    ///
    /// The parameters are those of `fit`; nothing is printed unless `verbose` says so.
    ///
    /// - Returns: the epochs, each of which is trained when the loop asks for it.
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

    /// Trains the model on labelled pictures, epoch by epoch, in a loop of one's own.
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

    /// Trains the model on batches as they come, epoch by epoch, in a loop of one's own.
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
