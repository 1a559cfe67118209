/// A metric of how far classes and their targets cover the same samples: intersection over union.
///
/// Keras 3.15.1 `IoU` and the metrics that are made from it.
public protocol ClassOverlapMetric: Metric {
    /// The classes to average over.
    var targetClassIDs: [Int] { get }
    /// The arguments that all of them have, and how samples are counted by them.
    var overlap: ClassOverlap { get }
    /// What counts as predicted; the predictions themselves unless a metric says otherwise.
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

    /// Keras's arguments: those of the overlap but some, and others.
    func config(without left: String..., adding own: [String: JSONValue] = [:]) -> [String:
        JSONValue]
    {
        overlap.config.filter { !left.contains($0.key) }
            .merging(["name": .string(name), "dtype": "int32"]) { $1 }
            .merging(own) { $1 }
    }
}
