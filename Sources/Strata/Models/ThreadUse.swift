import Foundation

/// The models and variables that threads are using.
///
/// A use is recorded once for a call such as `predict` or `fit`, never in a step. Two uses of the
/// same variables on different threads run one after the other. Using variables that another thread
/// trains is an error, since that may take hours.
enum ThreadUse {
    enum Purpose: String {
        /// A short use, for which others wait.
        case computing = "used"
        case training = "trained"
        /// A use with data that may come from other threads, where waiting could deadlock.
        case evaluating = "evaluated"
    }

    private struct Entry {
        let number: Int
        let thread: pthread_t
        let name: String
        let purpose: Purpose
        let objects: Set<ObjectIdentifier>
    }

    private struct State {
        var entries: [Entry] = []
        var count = 0
    }

    /// Guards `state`.
    private static let gate = NSCondition()
    nonisolated(unsafe) private static var state = State()

    private static let wiringLock = NSRecursiveLock()

    /// Runs `body`, which wires a layer and creates its weights if needed: models that share layers
    /// may be created on several threads.
    static func wiring<R>(_ body: () -> R) -> R { wiringLock.withLock(body) }

    /// Runs `body` while no other thread uses any of the objects.
    ///
    /// - Parameters:
    ///   - name: the name for errors on other threads.
    ///   - objects: called when no other thread is here.
    /// - Throws: a ``ModelError`` if another thread trains or evaluates with one of the objects.
    static func during<R>(
        _ purpose: Purpose, of name: String, _ objects: () -> Set<ObjectIdentifier>,
        _ body: () throws -> R
    ) throws -> R {
        let number = try begin(purpose, name, objects)
        defer { end(number) }
        return try body()
    }

    private static func begin(
        _ purpose: Purpose, _ name: String, _ objects: () -> Set<ObjectIdentifier>
    ) throws -> Int {
        gate.lock()
        defer { gate.unlock() }
        let (thread, objects) = (pthread_self(), objects())
        while let other = state.entries.first(where: {
            pthread_equal($0.thread, thread) == 0 && !$0.objects.isDisjoint(with: objects)
        }) {
            guard other.purpose == .computing else {
                let whose =
                    name == other.name ? name : "\(name) shares weights with \(other.name), which"
                throw ModelError(
                    .invalidArgument(
                        "\(whose) is being \(other.purpose.rawValue) by another thread",
                        fix: "wait until that is done, or load a copy of the model for this thread")
                )
            }
            gate.wait()
        }
        state.count += 1
        state.entries.append(
            Entry(
                number: state.count, thread: thread, name: name, purpose: purpose,
                objects: objects))
        return state.count
    }

    private static func end(_ number: Int) {
        gate.lock()
        if let index = state.entries.lastIndex(where: { $0.number == number }) {
            state.entries.remove(at: index)
        }
        gate.broadcast()
        gate.unlock()
    }
}

extension Layer {
    /// The variables of this layer and its inner layers, including the states of random generators.
    var allVariables: [Variable] { variables + sublayers.flatMap(\.allVariables) }
}

extension Model {
    /// Runs `body` while no other thread uses the model or one of its weights.
    func during<R>(_ purpose: ThreadUse.Purpose, _ body: () throws -> R) throws -> R {
        try ThreadUse.during(purpose, of: "model \(name)", usedObjects, body)
    }

    private func usedObjects() -> Set<ObjectIdentifier> {
        if let found = knownObjects { return found }
        var objects = Set(allVariables.map { ObjectIdentifier($0) })
        objects.insert(ObjectIdentifier(self))
        // Without a wiring, layers are still to be built.
        if wiring != nil { knownObjects = objects }
        return objects
    }
}
