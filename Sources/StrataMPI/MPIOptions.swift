#if MPI
public import StrataGraph

/// How ranks work together that MPI has started.
public struct MPIOptions: Hashable, Sendable {
    /// The type of gradients while they are sent, `float32` or `bfloat16`; the sums are in `float32`.
    public var wire: DType

    /// Whether sums add up in the order of the ranks, so that equal runs give equal bits.
    public var isDeterministic: Bool

    /// How long the ranks wait for one that does not come, at least half a second.
    public var timeLimit: Duration

    /// Makes options.
    ///
    /// - Parameters:
    ///   - wire: the type of gradients while they are sent, `float32` or `bfloat16`.
    ///   - isDeterministic: whether sums add up in the order of the ranks.
    ///   - timeLimit: how long the ranks wait for one that does not come, at least half a second.
    public init(
        wire: DType = .float32, isDeterministic: Bool = false,
        timeLimit: Duration = .seconds(60)
    ) {
        self.wire = wire
        self.isDeterministic = isDeterministic
        self.timeLimit = timeLimit
    }

    /// In milliseconds, from half a second to a day.
    var limit: Int {
        let seconds = min(max(timeLimit, .milliseconds(500)), .seconds(86_400)).components
        return Int(seconds.seconds) * 1000 + Int(seconds.attoseconds / 1_000_000_000_000_000)
    }
}
#endif
