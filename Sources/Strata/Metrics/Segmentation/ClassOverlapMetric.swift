/// Base of the metrics with intersection over union.
///
/// Keras 3.15.1 `IoU` and its subclasses.
public protocol ClassOverlapMetric: Metric {
    /// The classes to average over.
    var targetClassIDs: [Int] { get }
    /// The shared arguments, with the counts.
    var overlap: ClassOverlap { get }
    /// The predictions that are counted; by default all of them.
    func classified(_ predictions: SymbolicTensor) -> SymbolicTensor
}

extension ClassOverlapMetric {
    public func classified(_ predictions: SymbolicTensor) -> SymbolicTensor { predictions }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] { overlap.zeros }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        overlap.counts(
            state, targets: targets, predictions: classified(predictions), weight: sampleWeight)
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        overlap.mean(state, classes: targetClassIDs)
    }

    /// Keras's arguments: some of the overlap's, and others.
    func config(without left: String..., adding own: [String: JSONValue] = [:]) -> [String:
        JSONValue]
    {
        overlap.config.filter { !left.contains($0.key) }
            .merging(["name": .string(name), "dtype": "int32"]) { $1 }
            .merging(own) { $1 }
    }
}
