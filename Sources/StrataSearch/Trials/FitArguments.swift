public import Strata

/// How the model of a trial is trained: what a hypermodel may choose beside the model itself.
public struct FitArguments {
    /// Samples in a step, 1 or more; a ``Dataset`` has batches of its own.
    public var batchSize: Int
    /// The weight of each class in the training loss; 1 for missing classes.
    public var classWeight: [Int: Float]?
    /// Further callbacks.
    public var callbacks: [Callback] = []

    init(batchSize: Int) {
        self.batchSize = batchSize
    }
}
