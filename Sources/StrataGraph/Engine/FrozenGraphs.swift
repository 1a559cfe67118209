/// The graphs of a model whose weights never change again.
///
/// However many graphs are prepared, for other batch sizes for example, and however many runs take place
/// at once, there is one copy of what they read in the same layout.
package protocol FrozenGraphs: Sendable {
    /// Plans a graph, and computes what follows from its variables alone.
    ///
    /// The engine adopts the variables: from then on it keeps their values, in layouts of its own. Graphs
    /// that are prepared later may read the same variables.
    ///
    /// - Throws: the engine's error, as for a graph that updates a variable.
    func prepare(_ graph: Graph) throws -> any FrozenGraph

    /// The memory that values of variables, and what follows from them, take.
    var byteCount: Int { get }
}

/// A graph that an engine has prepared for runs on several threads at once.
package protocol FrozenGraph: AnyObject, Sendable {
    /// The graph with memory of its own for inputs and intermediate values, for one thread at a time.
    func instance() throws -> any PreparedGraph
}
