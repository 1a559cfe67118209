public import Strata

/// The arguments with which a trial's model is trained: the data, and the epochs and callbacks of
/// the search.
public struct FitArguments {
    /// Samples in a step, 1 or more; a ``Dataset`` has batches of its own.
    public var batchSize: Int
    /// The weight of each class in the training loss; 1 for missing classes.
    public var classWeight: [Int: Float]?
    /// Further callbacks.
    public var callbacks: [Callback] = []
    /// The number of epochs up to which this model is trained now, including those of earlier
    /// calls.
    public let epochs: Int
    let data: SearchData
    /// The search's own callbacks, which report every epoch; they come last.
    let reports: [Callback]

    /// Trains the model.
    ///
    /// - Returns: the logs of every epoch that was trained now.
    /// - Throws: what `Model.fit` throws.
    @discardableResult
    public func fit(_ model: Model) throws -> History {
        let callbacks = callbacks + reports
        switch data {
        case .arrays(let x, let y, let validation):
            return try model.fit(
                x, y, batchSize: batchSize, epochs: epochs, verbose: .silent,
                callbacks: callbacks, validationData: validation.map { ($0.x, $0.y, nil) },
                classWeight: classWeight)
        case .dataset(let training, let validation):
            return try model.fit(
                training, epochs: epochs, verbose: .silent, callbacks: callbacks,
                validationData: validation, classWeight: classWeight)
        }
    }
}

/// The data of a search.
enum SearchData {
    case arrays(x: [Tensor], y: [Tensor], validation: (x: [Tensor], y: [Tensor])?)
    case dataset(any Dataset, validation: (any Dataset)?)
}
