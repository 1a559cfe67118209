/// A batch: the samples of one step.
public struct Batch: Sendable, Hashable {
    /// For each input of the model, `[count, …]`.
    public var x: [Tensor]
    /// For each output of the model, `[count, …]`; empty without targets.
    public var y: [Tensor]
    /// The weight of each sample in the loss, `[count]`.
    public var sampleWeight: Tensor?

    /// A batch for a model with any number of inputs and outputs.
    ///
    /// - Parameters:
    ///   - x: for each input, `[count, …]`.
    ///   - y: for each output, `[count, …]`.
    ///   - sampleWeight: the weight of each sample in the loss, `[count]`.
    public init(x: [Tensor], y: [Tensor] = [], sampleWeight: Tensor? = nil) {
        self.x = x
        self.y = y
        self.sampleWeight = sampleWeight
    }

    /// A batch for a model with one input and one output.
    public init(x: Tensor, y: Tensor? = nil, sampleWeight: Tensor? = nil) {
        self.init(x: [x], y: y.map { [$0] } ?? [], sampleWeight: sampleWeight)
    }

    /// The number of samples.
    public var count: Int { x.first?.shape.first ?? 0 }

    /// All tensors, in order.
    var tensors: [Tensor] { x + y + (sampleWeight.map { [$0] } ?? []) }

    /// A batch with the structure of this one and other tensors.
    func replacing(_ tensors: [Tensor]) -> Batch {
        Batch(
            x: Array(tensors.prefix(x.count)), y: Array(tensors.dropFirst(x.count).prefix(y.count)),
            sampleWeight: sampleWeight == nil ? nil : tensors.last)
    }
}

/// The number of batches for a number of samples; the last may be smaller.
///
/// - Parameter batchSize: 1 or more.
package func batchCount(of count: Int, batchSize: Int) -> Int {
    count / batchSize + (count.isMultiple(of: batchSize) ? 0 : 1)
}
