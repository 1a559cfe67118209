import Dispatch
import Foundation

/// The signals that end a training or a search: Ctrl-C, SIGTERM, and SIGHUP, which is sent when a
/// terminal is closed.
///
/// While this object handles them, they do not end the process.
final class StopSignals {
    /// The numbers of the handled signals; under nohup, SIGHUP stays without effect.
    let numbers: [Int32]
    private let sources: [any DispatchSourceSignal]

    /// - Parameter handler: gets the number of each received signal, on a thread of its own.
    init(_ handler: @escaping @Sendable (Int32) -> Void) {
        // A dispatch source receives only ignored signals.
        numbers = [SIGINT, SIGTERM, SIGHUP].filter { number in
            let before = signal(number, SIG_IGN)
            return number != SIGHUP || unsafeBitCast(before, to: Int.self) != 1
        }
        sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { handler(number) }
            source.activate()
            return source
        }
    }

    /// Restores the default action of the signals.
    func end() {
        for source in sources { source.cancel() }
        for number in numbers { signal(number, SIG_DFL) }
    }
}
