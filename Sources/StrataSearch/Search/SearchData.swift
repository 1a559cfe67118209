internal import Strata

/// The data of a search, which is the same for all trials.
enum SearchData {
    case arrays(x: [Tensor], y: [Tensor], classNames: [String], validation: Validation)
    case dataset(any Dataset, validation: (any Dataset)?)

    /// The samples that trials are compared by.
    enum Validation {
        case split(Double)
        case data(x: [Tensor], y: [Tensor])
    }

    /// Trains a model.
    ///
    /// - Throws: what `Model.fit` throws.
    func fit(_ model: Model, epochs: Int, _ arguments: FitArguments, _ reports: [Callback]) throws {
        let callbacks = arguments.callbacks + reports
        switch self {
        case .arrays(let x, let y, let classNames, let validation):
            model.takeClassNames(classNames)
            let (split, data): (Double, (x: [Tensor], y: [Tensor], sampleWeight: Tensor?)?) =
                switch validation {
                case .split(let fraction): (fraction, nil)
                case .data(let x, let y): (0, (x, y, nil))
                }
            try model.fit(
                x, y, batchSize: arguments.batchSize, epochs: epochs, verbose: .silent,
                callbacks: callbacks, validationSplit: split, validationData: data,
                classWeight: arguments.classWeight)
        case .dataset(let training, let validation):
            try model.fit(
                training, epochs: epochs, verbose: .silent, callbacks: callbacks,
                validationData: validation, classWeight: arguments.classWeight)
        }
    }
}
