import Synchronization

/// A wish to stop, which any thread may utter.
///
/// `fit` ends after the batch that is running: callbacks see the end of training, so that the best
/// weights are restored and files are written.
public final class StopRequest: Sendable {
    private let flag = Atomic(false)

    /// Whether somebody asked to stop.
    public var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Asks to stop, from any thread or a signal handler.
    public func set() { flag.store(true, ordering: .relaxed) }

    func clear() { flag.store(false, ordering: .relaxed) }
}
