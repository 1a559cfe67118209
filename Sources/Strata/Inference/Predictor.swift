/// A frozen model for predictions from any number of threads and tasks at once.
///
/// ```swift
/// let predictor = try Predictor(contentsOf: "fashion.keras")
/// let probabilities = try await predictor.predict(pictures)
/// ```
///
/// It takes the weights as they are when it is made: training the model afterwards does not change
/// it. A ``Model`` is for training, and predicts for one thread after the other.
///
/// ### Threads
/// All of it may be called from any thread or task. Predictions are computed in the order in which they
/// were asked for, on threads that the predictors of a process share: one batch after the other with all
/// cores, or as many at once as `concurrency` says, with a part of the cores each. Callers wait, tasks
/// without blocking a thread. There is one copy of the weights, whoever predicts and for whatever batch
/// sizes; only what a batch size needs in another layout comes in addition.
///
/// ### What is the same
/// Samples are computed in batches of 1, 2, 4, 8, 16 and 32, each with the algorithms that are fastest for
/// it. In a batch of one size a sample always has the same result, to the bit: whoever asks, whenever, at
/// whatever place of the batch and beside whatever other samples. In a batch of another size it may differ by
/// rounding: in 14 networks of ``Applications`` and the like and 60 at random by at most 7e-6 of the largest
/// output. Calls with one sample each therefore always have the same bits, as long as nothing puts them
/// together.
public final class Predictor: Sendable {
    /// An input or an output.
    public struct TensorDescription: Sendable, Hashable {
        /// As in ``Model/inputNames`` and ``Model/outputNames``.
        public let name: String
        public let dtype: DType
        /// With the batch dimension first; `nil` for dimensions of any length.
        public let shape: Shape
    }

    /// The model's name.
    public let name: String
    public let inputs: [TensorDescription]
    public let outputs: [TensorDescription]
    /// The names of the classes by index, if the file or the model has them.
    public let classNames: [String]?

    private let frozen: FrozenModel
    private let threads: ComputeThreads
    private let inputData: [InputData]

    /// Freezes a model.
    ///
    /// The weights are shared with the model until either needs memory of its own for them. The layers
    /// are not copied: the model may be trained and used, but settings of its layers must stay.
    ///
    /// - Parameters:
    ///   - model: a built model.
    ///   - concurrency: how many batches are computed at once, 1 or more. Each has a part of the cores.
    ///     As many as ``threadCount()`` are fastest for small networks, where threads that share a
    ///     batch wait for each other most of the time, and beside other processes.
    /// - Throws: a ``ModelError`` if the model has no weights yet, if one cannot be read, or if another
    ///   thread is training it.
    public convenience init(_ model: Model, concurrency: Int = 1) throws {
        try self.init(model, isOwned: false, concurrency: concurrency)
    }

    /// Reads a `.keras` file, without its optimizer and losses.
    ///
    /// - Parameters:
    ///   - path: as of ``Model/load(_:compile:)``.
    ///   - concurrency: as of ``init(_:concurrency:)``.
    /// - Throws: a ``FileError`` as ``Model/load(_:compile:)``.
    public convenience init(contentsOf path: String, concurrency: Int = 1) throws {
        try self.init(
            Model.load(path, compile: false), isOwned: true, concurrency: concurrency)
    }

    private init(_ model: Model, isOwned: Bool, concurrency: Int) throws {
        guard !model.inputs.isEmpty else { throw ModelError(.unbuilt(model: model.name)) }
        try Model.check(positive: [("concurrency", concurrency)])
        name = model.name
        inputs = zip(model.inputNames, model.inputs).map {
            TensorDescription(name: $0, dtype: $1.dtype, shape: $1.shape)
        }
        // Predictions are `float32`, whatever a model computes in.
        outputs = zip(model.outputNames, model.outputs).map {
            TensorDescription(name: $0, dtype: .float32, shape: $1.shape)
        }
        classNames = model.classNames
        inputData = inputs.map { InputData(name: $0.name, shape: $0.shape) }
        frozen = try FrozenModel(model, isOwned: isOwned)
        threads = try .shared(concurrency)
    }

    /// The model that it was made from, to look inside.
    ///
    /// It may share the memory of the weights, so it must not be trained.
    package func model() throws -> Model { frozen.source }

    /// The memory that the weights take, in all layouts that they are needed in.
    package var weightsByteCount: Int { frozen.weightsByteCount }

    /// How many plans there are at present.
    package var planCount: Int { frozen.stepCount }

    // MARK: Predicting

    /// Predicts for one batch; blocks the calling thread until it is computed.
    ///
    /// - Parameter x: a tensor `[count, …]` for each of ``inputs``. Other types than the input's are cast.
    /// - Returns: a tensor `float32 [count, …]` for each of ``outputs``.
    /// - Throws: a ``ModelError`` if the data does not fit the model; a ``GraphError`` if an image
    ///   is too small for it.
    public func predict(_ x: [Tensor]) throws -> [Tensor] {
        try predict(requests: [x])[0]
    }

    /// Predicts for one batch; blocks no thread.
    ///
    /// - Throws: as the one that blocks, and `CancellationError` if the task is cancelled before the
    ///   computation has begun.
    public func predict(_ x: [Tensor]) async throws -> [Tensor] {
        try await predict(requests: [x])[0]
    }

    /// Predicts for one batch of a model with one input and one output; blocks the calling thread.
    public func predict(_ x: Tensor) throws -> Tensor {
        try checkSingleOutput()
        return try predict([x])[0]
    }

    /// Predicts for one batch of a model with one input and one output; blocks no thread.
    public func predict(_ x: Tensor) async throws -> Tensor {
        try checkSingleOutput()
        return try await predict([x])[0]
    }

    private func checkSingleOutput() throws {
        guard outputs.count == 1 else {
            throw ModelError(
                .invalidArgument(
                    "the model has \(outputs.count) outputs, but one tensor is requested",
                    fix: "call predict with an array: predictor.predict([x])"))
        }
    }

    /// Predicts for several requests in as few batches as possible; blocks the calling thread.
    ///
    /// - Parameter requests: for each what ``predict(_:)-([Tensor])`` takes. Their samples are copied
    ///   straight to where the batch is computed.
    /// - Returns: the outputs of each request.
    /// - Throws: as ``predict(_:)-([Tensor])``; one that does not fit fails all, so that callers check
    ///   each with ``fitting(_:)`` first.
    package func predict(requests: [[Tensor]]) throws -> [[Tensor]] {
        let requests = try requests.map(fitting)
        return try threads.run { [frozen] in try frozen.predict(requests) }
    }

    /// Predicts for several requests in as few batches as possible; blocks no thread.
    package func predict(requests: [[Tensor]]) async throws -> [[Tensor]] {
        let requests = try requests.map(fitting)
        return try await threads.run { [frozen] in try frozen.predict(requests) }
    }

    /// The tensors of a request as the model takes them: `[count, …]`, of its types.
    ///
    /// - Throws: a ``ModelError`` as ``Model/predictOnBatch(_:)-([Tensor])``, with the input's name.
    package func fitting(_ x: [Tensor]) throws -> [Tensor] {
        let x = try InputData.batches(of: x, for: inputData)
        try InputData.check(x, for: inputData)
        return try zip(inputs, x).map { input, tensor in
            // Of open sizes, which may be 0.
            guard !tensor.shape.contains(0) else {
                throw ModelError(
                    .wrongShape(name: input.name, got: tensor.shape, expected: input.shape))
            }
            let shape = input.shape.fitting(Shape(tensor.shape))?.known
            return try (shape.map { try tensor.reshaped($0) } ?? tensor).cast(to: input.dtype)
        }
    }

    // MARK: Jobs

    /// How many batches are computed at once.
    package var concurrency: Int { threads.count }

    /// Runs a job where predictions are computed, when it is its turn; never within the call.
    ///
    /// In it, ``predict(requests:)`` computes at once.
    package func schedule(_ job: @escaping @Sendable () -> Void) { threads.enqueue(job) }

    // MARK: Warm-up

    /// Prepares the plans for batches of these sizes and runs them once, so that the first prediction is
    /// as fast as the others.
    ///
    /// Blocks the calling thread, and no prediction.
    ///
    /// - Parameter batchSizes: each 1 or more. Models whose inputs have open sizes are not warmed up.
    public func warmUp(batchSizes: [Int]) throws {
        try Model.check(positive: batchSizes.map { ("a batch size", $0) })
        let samples = inputs.compactMap { Shape(Array($0.shape.dimensions.dropFirst())).known }
        guard samples.count == inputs.count else { return }
        try threads.runAside { [frozen, threads] in
            let sizes = Set(batchSizes.flatMap(BatchDivision.planSizes))
            for size in sizes.sorted() {
                try frozen.step(size, samples).warmUp(executables: threads.count)
            }
        }
    }
}
