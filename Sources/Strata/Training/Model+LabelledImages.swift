extension Model {
    /// Trains the model on labelled images.
    ///
    /// The parameters are those of the method for tensors.
    @discardableResult
    public func fit(
        _ images: LabelledImages, batchSize: Int = 32, epochs: Int = 1,
        verbose: Verbosity = .automatic, callbacks: [Callback] = [], validationSplit: Double = 0,
        validationData: LabelledImages? = nil, shuffle: Bool = true,
        classWeight: [Int: Float]? = nil, initialEpoch: Int = 0
    ) throws -> History {
        takeClassNames(images.classNames)
        return try fit(
            images.x, images.y, batchSize: batchSize, epochs: epochs, verbose: verbose,
            callbacks: callbacks, validationSplit: validationSplit,
            validationData: validationData.map { ($0.x, $0.y) }, shuffle: shuffle,
            classWeight: classWeight, initialEpoch: initialEpoch)
    }

    /// The loss and the metrics of labelled images.
    ///
    /// - Parameters:
    ///   - images: the images and their classes.
    ///   - batchSize: images in a step, 1 or more.
    ///   - verbose: how progress is shown.
    /// - Returns: values by name: `loss`, `accuracy`.
    /// - Throws: a ``ModelError`` if the images do not fit the model.
    @discardableResult
    public func evaluate(
        _ images: LabelledImages, batchSize: Int = 32, verbose: Verbosity = .automatic
    ) throws -> Logs {
        try evaluate(images.x, images.y, batchSize: batchSize, verbose: verbose)
    }
}
