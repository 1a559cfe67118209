#if Server
import Strata

/// A request on its way through a ``Batcher``, whose lock guards what changes.
final class WaitingRequest: @unchecked Sendable {
    /// Where it stands.
    enum Stage {
        /// Not in the queue yet.
        case new
        case waiting
        /// In a batch that is being computed, refused or answered.
        case left
    }

    let x: [Tensor]
    /// The number of samples.
    let count: Int
    let arrival: ContinuousClock.Instant
    /// When it has waited too long.
    let deadline: ContinuousClock.Instant?
    var stage = Stage.new
    /// When its batch was computed; set before it is answered.
    var computation: Range<ContinuousClock.Instant>?
    /// Set before it is queued.
    var continuation: CheckedContinuation<[Tensor], any Error>?

    init(_ x: [Tensor], timeout: Duration?) {
        self.x = x
        // An empty tensor can have any length: sums of counts must not overflow.
        count = min(x.first?.shape.first ?? 1, 1 << 32)
        arrival = .now
        deadline = timeout.map { [arrival] in arrival + min($0, .seconds(1_000_000)) }
    }

    /// Whether both fit into one batch: the samples have one shape and type.
    func joins(_ other: WaitingRequest) -> Bool {
        x.count == other.x.count
            && zip(x, other.x).allSatisfy {
                $0.dtype == $1.dtype && $0.shape.dropFirst() == $1.shape.dropFirst()
            }
    }

    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        deadline.map { $0 <= now } ?? false
    }
}
#endif
