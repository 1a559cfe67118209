public import Strata

/// A family of models with hyperparameters.
///
/// KerasTuner's `HyperModel`.
///
/// ```swift
/// struct Strided: HyperModel {
///     func build(_ hp: HyperParameters) throws -> Model {
///         let model = try Sequential {
///             Input(shape: [28, 28, 1])
///             Rescaling(1 / 255.0)
///             Conv2D(try hp.int("filters", minValue: 16, maxValue: 64, step: 16), kernelSize: 3, strides: 2)
///             Flatten()
///             Dense(10, activation: .softmax)
///         }
///         let rate = try hp.float("learning_rate", minValue: 1e-4, maxValue: 1e-2, sampling: .log)
///         try model.compile(
///             optimizer: Adam(learningRate: rate), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
///         return model
///     }
///
///     func fit(_ model: Model, _ hp: HyperParameters, _ arguments: FitArguments) throws {
///         var arguments = arguments
///         arguments.batchSize = try hp.choice("batch_size", [32, 64, 128])
///         try arguments.fit(model)
///     }
/// }
/// ```
public protocol HyperModel {
    /// A compiled model with the values of hyperparameters that `hp` gives.
    ///
    /// - Throws: a ``ModelError`` or a ``GraphError`` if no model can be built with these values,
    ///   which makes the trial infeasible.
    func build(_ hp: HyperParameters) throws -> Model

    /// Trains a model that `build` made; by default ``FitArguments/fit(_:)``.
    func fit(_ model: Model, _ hp: HyperParameters, _ arguments: FitArguments) throws
}

extension HyperModel {
    public func fit(_ model: Model, _ hp: HyperParameters, _ arguments: FitArguments) throws {
        try arguments.fit(model)
    }
}
