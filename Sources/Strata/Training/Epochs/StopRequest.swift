import Synchronization

/// A wish to stop, which any thread may utter.
///
/// `fit` ends after the batch that is running: callbacks see the end of training, so that the best
/// weights are restored and files are written.
public final class StopRequest: Sendable {
    private let flag = Atomic(false)
    private let interruption = Atomic(false)

    /// Whether somebody asked to stop.
    public var isSet: Bool { flag.load(ordering: .relaxed) }

    /// Asks to stop, from any thread or a signal handler.
    public func set() { set(isInterruption: true) }

    /// Asks to stop.
    ///
    /// - Parameter isInterruption: whether training is to go on another time, so that what it needs for
    ///   that is kept.
    func set(isInterruption: Bool) {
        if isInterruption { interruption.store(true, ordering: .relaxed) }
        flag.store(true, ordering: .relaxed)
    }

    /// Whether somebody asked who did not mean that training is complete.
    var isInterruption: Bool { interruption.load(ordering: .relaxed) }

    func clear() {
        flag.store(false, ordering: .relaxed)
        interruption.store(false, ordering: .relaxed)
    }
}
