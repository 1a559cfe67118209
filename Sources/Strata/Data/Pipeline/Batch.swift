/// Samples for one step: what a ``Dataset`` gives, again and again.
public struct Batch: Sendable, Hashable {
    /// For each of the model's inputs `[count, …]`.
    public var x: [Tensor]
    /// For each of the model's outputs `[count, …]`; empty where there is nothing to learn from.
    public var y: [Tensor]
    /// By what the loss of each sample is multiplied, `[count]`.
    public var sampleWeight: Tensor?

    /// For a model with any number of inputs and outputs.
    ///
    /// - Parameters:
    ///   - x: for each input `[count, …]`.
    ///   - y: for each output `[count, …]`.
    ///   - sampleWeight: by what the loss of each sample is multiplied, `[count]`.
    public init(x: [Tensor], y: [Tensor] = [], sampleWeight: Tensor? = nil) {
        self.x = x
        self.y = y
        self.sampleWeight = sampleWeight
    }

    /// For a model with one input and one output.
    public init(x: Tensor, y: Tensor? = nil, sampleWeight: Tensor? = nil) {
        self.init(x: [x], y: y.map { [$0] } ?? [], sampleWeight: sampleWeight)
    }

    /// How many samples these are.
    public var count: Int { x.first?.shape.first ?? 0 }

    /// All tensors, in one order.
    var tensors: [Tensor] { x + y + (sampleWeight.map { [$0] } ?? []) }

    /// A batch built like this one from other tensors in the same order.
    func replacing(_ tensors: [Tensor]) -> Batch {
        Batch(
            x: Array(tensors.prefix(x.count)), y: Array(tensors.dropFirst(x.count).prefix(y.count)),
            sampleWeight: sampleWeight == nil ? nil : tensors.last)
    }
}

/// How many batches some samples are, the last of which may be smaller.
///
/// - Parameter batchSize: 1 or more.
func batchCount(of count: Int, batchSize: Int) -> Int {
    count / batchSize + (count.isMultiple(of: batchSize) ? 0 : 1)
}
