import Synchronization

/// A request to stop, from any thread.
///
/// `fit` ends after the current batch: callbacks are notified of the end of training, so that the
/// best weights are restored and files are written.
public final class StopRequest: Sendable {
    private let flag = Atomic(false)
    private let interruption = Atomic(false)

    package init() {}

    /// Whether a stop was requested.
    public var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Requests a stop, from any thread or a signal handler.
    public func set() { set(isInterruption: true) }

    /// Requests a stop.
    ///
    /// - Parameter isInterruption: whether training will be resumed later, so that its state is
    ///   kept.
    func set(isInterruption: Bool) {
        if isInterruption { interruption.store(true, ordering: .relaxed) }
        flag.store(true, ordering: .relaxed)
    }

    /// Whether the request was an interruption, so that training is not complete.
    package var isInterruption: Bool { interruption.load(ordering: .relaxed) }

    package func clear() {
        flag.store(false, ordering: .relaxed)
        interruption.store(false, ordering: .relaxed)
    }
}
