import Dispatch
import Synchronization

/// A frozen model for predictions from any number of threads and tasks at once.
///
/// ```swift
/// let predictor = try Predictor(contentsOf: "fashion.keras")
/// let probabilities = try await predictor.predict(pictures)
/// ```
///
/// It takes the weights as they are when it is made: training the model afterwards does not change
/// it. A ``Model`` is for training, and predicts for one thread after the other.
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

    /// Used under the lock alone.
    private struct Frozen: @unchecked Sendable {
        let model: Model
    }

    private let frozen: Mutex<Frozen>

    /// Freezes a model.
    ///
    /// - Throws: a ``ModelError`` if the model has no weights yet, or a weight cannot be read.
    public init(_ model: Model) throws {
        guard !model.inputs.isEmpty else { throw ModelError(.unbuilt(model: model.name)) }
        name = model.name
        inputs = zip(model.inputNames, model.inputs).map {
            TensorDescription(name: $0, dtype: $1.dtype, shape: $1.shape)
        }
        // Predictions are `float32`, whatever a model computes in.
        outputs = zip(model.outputNames, model.outputs).map {
            TensorDescription(name: $0, dtype: .float32, shape: $1.shape)
        }
        classNames = model.classNames
        frozen = Mutex(Frozen(model: model))
    }

    /// Reads a `.keras` file, without its optimizer and losses.
    ///
    /// - Throws: a ``FileError`` as ``Model/load(_:compile:)``.
    public convenience init(contentsOf path: String) throws {
        try self.init(Model.load(path, compile: false))
    }

    /// A model with the same layers and weights, to look inside.
    ///
    /// It may share the memory of the weights, so it must not be trained.
    package func model() throws -> Model { frozen.withLock { $0 }.model }

    /// Predicts for one batch; blocks the calling thread.
    ///
    /// - Parameter x: a tensor `[count, …]` for each of ``inputs``.
    /// - Returns: a tensor `float32 [count, …]` for each of ``outputs``.
    /// - Throws: a ``ModelError`` if the data does not fit the model; a ``GraphError`` if an image
    ///   is too small for it.
    public func predict(_ x: [Tensor]) throws -> [Tensor] {
        try frozen.withLock { try $0.model.predictOnBatch(x) }
    }

    /// Predicts for one batch of a model with one input and one output.
    public func predict(_ x: Tensor) throws -> Tensor {
        try frozen.withLock { try $0.model.predictOnBatch(x) }
    }

    /// Prepares the plans for batches of these sizes, so that the first prediction is as fast as the
    /// others.
    ///
    /// - Parameter batchSizes: each 1 or more. Models whose inputs have open sizes are not warmed up.
    public func warmUp(batchSizes: [Int]) throws {
        for count in batchSizes {
            let shapes = inputs.map { $0.shape.dimensions.dropFirst() }
            guard shapes.allSatisfy({ $0.allSatisfy { $0 != nil } }) else { return }
            let x = zip(inputs, shapes).map { input, shape in
                Tensor.zeros([count] + shape.compactMap { $0 }, dtype: input.dtype)
            }
            _ = try predict(x)
        }
    }

    // MARK: Jobs

    /// How many batches are computed at once.
    package var concurrency: Int { 1 }

    /// Runs a job where predictions are computed, when it is its turn; never within the call.
    ///
    /// In it, ``predict(requests:)`` computes at once.
    package func schedule(_ job: @escaping @Sendable () -> Void) {
        Self.jobs.async(execute: job)
    }

    private static let jobs = DispatchQueue(label: "predictions")

    /// Predicts for several requests in one batch; blocks the calling thread.
    ///
    /// - Parameter requests: for each what ``fitting(_:)`` gives.
    /// - Returns: the outputs of each request.
    package func predict(requests: [[Tensor]]) throws -> [[Tensor]] {
        try requests.map { try predict($0) }
    }

    /// The tensors of a request as the model takes them.
    package func fitting(_ x: [Tensor]) throws -> [Tensor] { x }
}
