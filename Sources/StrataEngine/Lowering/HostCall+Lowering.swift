internal import StrataGraph

extension PlanBuilder {
    mutating func lowerHostCall(
        _ call: HostCall, _ node: Graph.Call, _ number: Int
    ) throws(EngineError) {
        var sources: [Int] = []
        for input in node.inputs { sources.append(try plainBuffer(input)) }
        var results: [Int] = []
        for output in node.outputs.indices {
            let value = Graph.Value(node: number, output: output)
            results.append(define(value, try .plain(graph.shape(value), graph[value].dtype)))
        }
        append(
            call.name,
            HostKernel(function: call.function, sources: sources, results: results))
    }

    /// The same memory: only gradients differ.
    mutating func lowerGradientOverride(_ node: Graph.Call, _ result: Graph.Value)
        throws(EngineError)
    {
        place(result, try placement(node.inputs[0]))
    }
}
