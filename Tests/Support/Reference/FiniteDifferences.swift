package import StrataGraph

/// Gradients measured, not derived: how much a scalar changes with each element of its inputs.
package enum FiniteDifferences {
    /// The change of a graph's first output with each element of the named inputs.
    ///
    /// Central differences (f(x + h) − f(x − h)) / 2h with h = ε^⅓ · max(1, |x|), where the error of
    /// the formula (h²) and that of rounding (ε / h) are about equal, each near 4e-11.
    ///
    /// - Returns: one tensor for each name, in their order.
    package static func gradients(
        of graph: Graph, inputs: [String: ReferenceTensor], withRespectTo names: [String]
    ) throws -> [ReferenceTensor] {
        try names.map { name in
            guard let value = inputs[name] else {
                throw ReferenceInterpreter.Failure(description: "input \(name) has no value")
            }
            var result = value
            for place in value.values.indices {
                let h = 6.055e-6 * max(1, abs(value.values[place]))
                let (up, down) = (value.values[place] + h, value.values[place] - h)
                var ends: [Double] = []
                for end in [up, down] {
                    var moved = inputs
                    moved[name]?.values[place] = end
                    ends.append(
                        try ReferenceInterpreter(graph, inputs: moved).outputs[0].values[0])
                }
                result.values[place] = (ends[0] - ends[1]) / (up - down)
            }
            return result
        }
    }
}
