import Foundation
import Strata
import Synchronization

/// Ends training cleanly at the first Ctrl-C, and the process at the second one.
///
/// The other ``StopSignals`` do the same. It is a callback, so that a signal before the first epoch
/// is not lost when training starts.
final class Interruption: Callback, EpochCallback {
    /// The first received signal, or 0; shared with the signals' threads.
    private final class First: Sendable {
        let signal = Atomic<Int32>(0)
    }

    private let first = First()
    private let signals: StopSignals

    /// The exit code for the signal, as in a shell; `nil` without a signal.
    var exitCode: Int32? {
        let number = first.signal.load(ordering: .relaxed)
        return number > 0 ? 128 + number : nil
    }

    /// - Parameters:
    ///   - stopRequest: that of the trained model, or of the search.
    ///   - what: what is saved.
    init(stopping stopRequest: StopRequest, saving what: String = "the model") {
        signals = StopSignals { [first] number in
            let isFirst = first.signal.compareExchange(
                expected: 0, desired: number, ordering: .relaxed
            ).exchanged
            guard isFirst else { return Interruption.die(of: number) }
            stopRequest.set()
            let more = number == SIGINT ? "; Ctrl-C again ends at once" : ""
            Console.writeError("\nStopping after this batch to save \(what)\(more).\n")
        }
        super.init()
    }

    /// Ends the process by the signal itself, so that a calling shell script stops too.
    private static func die(of number: Int32) {
        signal(number, SIG_DFL)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, number)
        pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
        raise(number)
    }

    override func onTrainBegin() {
        if exitCode != nil { model?.stopRequest.set() }
    }

    /// Restores the default action of the signals.
    func end() { signals.end() }
}
