import Synchronization

/// A cache of prepared graphs by structure, so that a repeated computation is not planned again.
///
/// Graphs are equal if their operations, attributes, shapes, types and variables are. Each plan
/// holds memory for all its values, and its variables. It may be used from any thread; two threads
/// that need the same graph at once have a plan each.
package final class PlanCache: Sendable {
    private let engine: any Engine
    private let idle: Mutex<RecentlyUsed<Graph, IdleGraph>>

    /// - Parameter capacity: the maximum number of plans.
    package init(_ engine: any Engine, capacity: Int) {
        self.engine = engine
        idle = Mutex(RecentlyUsed(capacity: capacity))
    }

    /// Evaluates tensors, with a cached plan if there is one.
    ///
    /// - Parameters:
    ///   - outputs: the tensors to compute.
    ///   - inputs: the values of the inputs, by name.
    ///   - updates: variables with their new values.
    /// - Throws: a ``GraphError`` if a tensor carries one or an input's value does not fit, or the
    ///   engine's error.
    package func evaluate(
        _ outputs: [SymbolicTensor], inputs: [String: Tensor] = [:],
        updates: [(variable: Variable, value: SymbolicTensor)] = []
    ) throws -> [Tensor] {
        let graph = try Graph(outputs: outputs, updates: updates)
        let found = idle.withLock { $0.remove(graph) }
        let prepared = try found?.graph ?? engine.prepare(graph)
        let results = try prepared.evaluate(inputs)
        let used = IdleGraph(graph: prepared)
        idle.withLock { $0.insert(used, for: graph) }
        return results
    }

    /// The number of cached plans.
    package var count: Int { idle.withLock { $0.count } }
}

/// A prepared graph that no thread uses; a thread that takes it out of the cache owns it.
private struct IdleGraph: @unchecked Sendable {
    let graph: any PreparedGraph
}
