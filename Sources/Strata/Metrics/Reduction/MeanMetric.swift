/// A metric that is the weighted mean of one value for each sample; state: total and count.
///
/// Keras 3.15.1 `MeanMetricWrapper`.
public protocol MeanMetric: Metric {
    /// One value for each sample, or for each position of an output with several.
    ///
    /// - Parameters:
    ///   - targets: `float32`.
    ///   - predictions: `float32`, `[batch, …]`.
    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor

    /// 1 for each value that counts and 0 for the others; used with sample weights.
    func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor?
}

extension MeanMetric {
    public func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor? { nil }

    public func initialState(targets: Shape, predictions: Shape) -> [Tensor] {
        [Tensor(0), Tensor(0)]
    }

    public func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let targets = targets.cast(to: .float32)
        let values = values(targets: targets, predictions: predictions.cast(to: .float32))
        let samples = SampleValues(
            values, weight: sampleWeight, mask: mask(targets: targets, values: values)
        ) { $0.mean(axes: $1) }
        return [state[0] + samples.values.sum(), state[1] + samples.count]
    }

    public func result(_ state: [SymbolicTensor]) -> SymbolicTensor {
        state[0].dividedOrZero(by: state[1])
    }
}

/// Values and weights, reduced to one for each sample.
///
/// Keras 3.15.1 `reduce_to_samplewise_values`.
struct SampleValues {
    /// Weighted; `[batch]`, or a scalar.
    let values: SymbolicTensor
    /// The sum of the weights, or the number of samples.
    let count: SymbolicTensor

    /// - Parameters:
    ///   - values: `[batch, …]`.
    ///   - weight: `[batch]` or finer.
    ///   - mask: which values count; used only with weights, as in Keras.
    ///   - reduce: reduces several values of a sample to one, over some axes.
    init(
        _ values: SymbolicTensor, weight: SymbolicTensor?, mask: SymbolicTensor? = nil,
        _ reduce: (SymbolicTensor, [Int]) -> SymbolicTensor
    ) {
        func overSamples(_ x: SymbolicTensor) -> SymbolicTensor {
            x.rank > 1 ? reduce(x, Array(1..<x.rank)) : x
        }
        guard var weight = weight?.cast(to: .float32) else {
            self.values = overSamples(values)
            count = .constant(values.rank == 0 ? 1 : Float(values.shape[0] ?? 1))
            return
        }
        if let mask {
            let (spread, own) = SymbolicTensor.aligned(mask, weight)
            weight = own.padded(toRankOf: spread) * spread
        }
        var (values, own) = SymbolicTensor.aligned(values, weight)
        if values.rank > own.rank { values = reduce(values, Array(own.rank..<values.rank)) }
        own = own.broadcast(to: values.shape)
        self.values = overSamples(values * own)
        count = overSamples(own).sum()
    }
}
