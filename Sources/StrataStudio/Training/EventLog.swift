#if Server
import Strata
import Synchronization

/// What happened in a training, for everyone who watches it, from its start.
///
/// The training writes and never waits: a slow reader gets what there is when it comes back.
final class EventLog: Sendable {
    struct Event: Sendable {
        let id: Int
        let name: String
        let data: JSONValue

        /// As in a stream of server-sent events.
        var text: String { "event: \(name)\nid: \(id)\ndata: \(data.finite.text)\n\n" }
    }

    /// Of long trainings, every other point of the curve is left out.
    private static let limit = 20_000

    private struct State {
        var events: [Event] = []
        var count = 0
        var isOver = false
        var readers: [Int: AsyncStream<Void>.Continuation] = [:]
        var readerCount = 0
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - replaces: whether only the last event of this name is kept.
    ///   - isLast: whether nothing follows.
    func append(_ name: String, _ data: JSONValue, replaces: Bool = false, isLast: Bool = false) {
        let readers = state.withLock { state in
            if replaces { state.events.removeAll { $0.name == name } }
            state.count += 1
            state.events.append(Event(id: state.count, name: name, data: data))
            if state.events.count > Self.limit {
                var isOdd = false
                state.events.removeAll { event in
                    guard event.name == "batch" else { return false }
                    isOdd.toggle()
                    return isOdd
                }
            }
            state.isOver = state.isOver || isLast
            return Array(state.readers.values)
        }
        for reader in readers { reader.yield() }
    }

    /// The events after one, and whether none will follow.
    func events(after id: Int) -> (events: [Event], isOver: Bool) {
        state.withLock { state in
            let start = state.events.lastIndex { $0.id <= id }.map { $0 + 1 } ?? 0
            return (Array(state.events[start...]), state.isOver)
        }
    }

    /// Wakes a reader after each event, once for several that it has not read.
    func changes() -> (changes: AsyncStream<Void>, wake: AsyncStream<Void>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.readerCount += 1
            state.readers[state.readerCount] = continuation
            return state.readerCount
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.readers[number] = nil }
        }
        continuation.yield()
        return (stream, continuation)
    }
}
#endif
