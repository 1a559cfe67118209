#if Server
import Synchronization

/// A client's connection, for those who want to know that the client has gone.
final class ClientConnection: Sendable {
    /// The connection whose request the task answers.
    @TaskLocal static var current: ClientConnection?

    private struct State {
        var isClosed = false
        var handler: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Sets what is done when the client goes; at once if it has gone already.
    func onClose(_ handler: (@Sendable () -> Void)?) {
        let isClosed = state.withLock { state in
            state.handler = handler
            return state.isClosed
        }
        if isClosed { handler?() }
    }

    func close() {
        let handler = state.withLock { state in
            state.isClosed = true
            return state.handler
        }
        handler?()
    }
}
#endif
