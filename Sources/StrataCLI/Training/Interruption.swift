import Dispatch
import Foundation
import Strata
import Synchronization

/// Ends training cleanly at the first Ctrl-C, and the process at the second.
///
/// It is a callback, so that a Ctrl-C before the first epoch is not forgotten when training begins.
final class Interruption: Callback {
    /// Shared with the signal's thread.
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    private let count = Count()
    private let source: any DispatchSourceSignal

    /// Whether Ctrl-C was pressed.
    var isRequested: Bool { count.value.load(ordering: .relaxed) > 0 }

    /// - Parameter stopRequest: of the model that is trained.
    init(stopping stopRequest: StopRequest) {
        // A source sees only signals that do not act by themselves.
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(
            signal: SIGINT, queue: .global(qos: .userInteractive))
        super.init()
        source.setEventHandler { [count] in
            guard count.value.add(1, ordering: .relaxed).oldValue == 0 else {
                // Die of the signal itself: a shell script that runs this stops too.
                signal(SIGINT, SIG_DFL)
                var blocked = sigset_t()
                sigemptyset(&blocked)
                sigaddset(&blocked, SIGINT)
                pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
                raise(SIGINT)
                return
            }
            stopRequest.set()
            let text = "\nStopping after this batch to save the model; Ctrl-C again ends at once.\n"
            FileHandle.standardError.write(Data(text.utf8))
        }
        source.activate()
    }

    override func onTrainBegin() {
        if isRequested { model?.stopRequest.set() }
    }

    /// Lets Ctrl-C end the process again.
    func end() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
