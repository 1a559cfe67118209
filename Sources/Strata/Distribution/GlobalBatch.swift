internal import StrataGraph

/// The batch that all ranks compute together, as the graph of one rank's step sees it.
///
/// Each rank computes terms of sums from its own samples; ``sum(_:)`` gives the sums of all.
final class GlobalBatch {
    /// The names of the graph's inputs.
    static let countName = "sample_count"
    static let firstRowName = "first_row"
    static let presenceName = "presence"
    static let interruptionName = "interruption"

    let rankCount: Int
    /// The number of samples that this rank computes.
    private let rows: Int
    private let wire: DType
    private let sums: RankSums
    /// The number of samples of all ranks.
    private let count = SymbolicTensor.input(GlobalBatch.countName, [], dtype: .float32)
    /// The index of this rank's first sample, `int32`.
    let firstRow = SymbolicTensor.input(GlobalBatch.firstRowName, [], dtype: .int32)
    /// 1, or 0 where the rank's samples do not count.
    private let presence = SymbolicTensor.input(GlobalBatch.presenceName, [], dtype: .float32)
    /// 1 where this rank was asked to stop, otherwise 0.
    let interruption = SymbolicTensor.input(GlobalBatch.interruptionName, [], dtype: .float32)

    init(_ distribution: Distribution, rows: Int) {
        rankCount = distribution.rankCount
        wire = distribution.wire
        sums = RankSums(distribution.group.communicator)
        self.rows = rows
    }

    /// The number of elements in all ranks of values that have `count` in this one.
    func elementCount(_ count: Int) -> SymbolicTensor {
        self.count * (Float(count) / Float(rows))
    }

    /// This rank's terms: the values, or 0 where its samples do not count.
    func terms(_ values: SymbolicTensor) -> SymbolicTensor { values * presence }

    /// This rank's term of the mean over the elements of all ranks.
    func termOfMean(_ values: SymbolicTensor) -> SymbolicTensor {
        terms(values.sum() / elementCount(values.shape.elementCount ?? 1))
    }

    /// This rank's term of a mean that is weighted by the number of samples.
    ///
    /// - Parameter value: the mean over this rank's samples.
    func termOfMean(ofRanks value: SymbolicTensor) -> SymbolicTensor {
        terms(value.cast(to: .float32) * (SymbolicTensor.constant(Float(rows)) / count))
    }

    /// The sums of terms over all ranks, in one message.
    func sum(_ terms: [SymbolicTensor]) -> [SymbolicTensor] {
        terms.isEmpty ? [] : sums.summed(terms.map { $0.cast(to: .float32) })
    }

    /// The sum of a term over all ranks.
    func sum(_ term: SymbolicTensor) -> SymbolicTensor { sum([term])[0] }

    /// The sums of gradients.
    func sum(gradients: [SymbolicTensor]) -> [SymbolicTensor] {
        sums.gradientsSummed(gradients.map { $0.cast(to: .float32) }, wire: wire)
    }
}
