internal import CStrataKeras
internal import StrataGraph
import Synchronization

/// What a handle names.
enum HandledObject: Sendable {
    case symbol(SymbolicTensor)
    case variable(Variable)
    case operation(Operation)
    case plan(RunnablePlan)

    /// In words: "a symbol".
    var kind: String {
        switch self {
        case .symbol: "a symbol"
        case .variable: "a variable"
        case .operation: "an operation"
        case .plan: "a plan"
        }
    }
}

/// The objects that are named by handles.
///
/// A handle is the number of a slot, and in its upper half how often the slot was used before, so that a released
/// handle never names the next object of its slot.
final class HandleTable: Sendable {
    static let shared = HandleTable()

    private struct Slot {
        /// From 1 on, so that no handle is 0.
        var generation: UInt32 = 1
        var object: HandledObject?
    }

    private struct Slots {
        var all: [Slot] = []
        var free: [UInt32] = []
        var usedCount = 0
    }

    private let slots = Mutex(Slots())

    /// The number of handles that are not released.
    var count: Int { slots.withLock { $0.usedCount } }

    func insert(_ object: HandledObject) -> strata_handle {
        slots.withLock { slots in
            let number: UInt32
            if let free = slots.free.popLast() {
                number = free
            } else {
                number = UInt32(truncatingIfNeeded: slots.all.count)
                slots.all.append(Slot())
            }
            slots.all[Int(number)].object = object
            slots.usedCount += 1
            return strata_handle(slots.all[Int(number)].generation) << 32 | strata_handle(number)
        }
    }

    /// Releases handles; those that name nothing are ignored.
    func remove(_ handles: some Sequence<strata_handle>) {
        // Objects are freed after the lock is: a host function that goes with one of them is told, and may take locks
        // of its own.
        let removed = slots.withLock { slots in
            handles.compactMap { handle -> HandledObject? in
                let (generation, number) = Self.parts(handle)
                guard slots.all.indices.contains(number),
                    slots.all[number].generation == generation,
                    let object = slots.all[number].object
                else { return nil }
                slots.all[number].object = nil
                slots.usedCount -= 1
                if generation < .max {
                    slots.all[number].generation += 1
                    slots.free.append(UInt32(truncatingIfNeeded: number))
                }
                return object
            }
        }
        withExtendedLifetime(removed) {}
    }

    /// The object of a handle.
    ///
    /// - Parameter expected: the kind that is needed, in words: "a symbol".
    func object(_ handle: strata_handle, expected: String) throws(GraphError) -> HandledObject {
        let (generation, number) = Self.parts(handle)
        let (object, isReleased) = slots.withLock { slots -> (HandledObject?, Bool) in
            guard slots.all.indices.contains(number) else { return (nil, false) }
            let slot = slots.all[number]
            guard slot.generation == generation else {
                return (nil, generation > 0 && generation < slot.generation)
            }
            return (slot.object, slot.object == nil)
        }
        if let object { return object }
        let problem =
            isReleased
            ? "handle \(handle) was released"
            : "handle \(handle) names nothing, where \(expected) is needed"
        let fix =
            isReleased
            ? "release it after its last use" : "give the handle of \(expected)"
        throw GraphError(.invalidArgument(problem, fix: fix))
    }

    private static func parts(_ handle: strata_handle) -> (generation: UInt32, number: Int) {
        (UInt32(truncatingIfNeeded: handle >> 32), Int(UInt32(truncatingIfNeeded: handle)))
    }
}

extension HandleTable {
    func symbol(_ handle: strata_handle) throws(GraphError) -> SymbolicTensor {
        let object = try object(handle, expected: "a symbol")
        guard case .symbol(let symbol) = object else { throw Self.wrongKind(object, "a symbol") }
        return symbol
    }

    func variable(_ handle: strata_handle) throws(GraphError) -> Variable {
        let object = try object(handle, expected: "a variable")
        guard case .variable(let variable) = object else {
            throw Self.wrongKind(object, "a variable")
        }
        return variable
    }

    func operation(_ handle: strata_handle) throws(GraphError) -> Operation {
        let object = try object(handle, expected: "an operation")
        guard case .operation(let operation) = object else {
            throw Self.wrongKind(object, "an operation")
        }
        return operation
    }

    func plan(_ handle: strata_handle) throws(GraphError) -> RunnablePlan {
        let object = try object(handle, expected: "a plan")
        guard case .plan(let plan) = object else { throw Self.wrongKind(object, "a plan") }
        return plan
    }

    func symbols(_ handles: some Sequence<strata_handle>) throws(GraphError) -> [SymbolicTensor] {
        var symbols: [SymbolicTensor] = []
        for handle in handles { symbols.append(try symbol(handle)) }
        return symbols
    }

    private static func wrongKind(_ object: HandledObject, _ expected: String) -> GraphError {
        GraphError(
            .invalidArgument(
                "the handle of \(object.kind) was given, where \(expected) is needed",
                fix: "give the handle of \(expected)"))
    }
}
