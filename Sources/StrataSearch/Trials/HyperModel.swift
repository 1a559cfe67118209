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
///     func configureFit(_ arguments: inout FitArguments, _ hp: HyperParameters) throws {
///         arguments.batchSize = try hp.choice("batch_size", [32, 64, 128])
///     }
/// }
/// ```
public protocol HyperModel {
    /// A compiled model with the values of hyperparameters that `hp` gives.
    ///
    /// - Throws: a ``ModelError`` or a ``GraphError`` if no model can be built with these values,
    ///   which makes the trial infeasible.
    func build(_ hp: HyperParameters) throws -> Model

    /// Changes how the model is trained: the batch size, class weights, further callbacks.
    ///
    /// It is called after `build`, with the same hyperparameters; by default it changes nothing.
    func configureFit(_ arguments: inout FitArguments, _ hp: HyperParameters) throws
}

extension HyperModel {
    public func configureFit(_ arguments: inout FitArguments, _ hp: HyperParameters) throws {}
}
