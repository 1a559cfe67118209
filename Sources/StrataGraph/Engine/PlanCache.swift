import Synchronization

/// Prepared graphs by their structure, the latest used of them: what was computed before is not planned again.
///
/// Graphs are the same where their operations, attributes, shapes, types and variables are. Each plan holds
/// memory for all its values, and its variables. Any thread may ask; two that want the same graph at once
/// each have a plan of their own.
package final class PlanCache: Sendable {
    private let engine: any Engine
    private let idle: Mutex<RecentlyUsed<Graph, IdleGraph>>

    /// - Parameter capacity: how many plans are kept at most.
    package init(_ engine: any Engine, capacity: Int) {
        self.engine = engine
        idle = Mutex(RecentlyUsed(capacity: capacity))
    }

    /// Computes tensors, with a plan from before where there is one.
    ///
    /// - Parameters:
    ///   - outputs: what to compute.
    ///   - inputs: the values of the inputs, by name.
    ///   - updates: variables that take new values.
    /// - Throws: a ``GraphError`` where a tensor carries one or an input's value does not fit, or the
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

    /// How many plans are kept.
    package var count: Int { idle.withLock { $0.count } }
}

/// A prepared graph that no thread uses: who takes it out of the cache is the only one that has it.
private struct IdleGraph: @unchecked Sendable {
    let graph: any PreparedGraph
}
