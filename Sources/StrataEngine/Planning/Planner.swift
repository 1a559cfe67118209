package import StrataGraph

extension Plan {
    /// Lowers a graph: joins nodes, chooses layouts, lays out memory.
    ///
    /// - Parameters:
    ///   - joins: false makes every node a step of its own, as it stands in the graph: what joined
    ///     plans are tested against.
    ///   - isFrozen: whether nothing writes the variables any more, so that the engine may adopt them.
    package init(_ graph: Graph, joins: Bool = true, isFrozen: Bool = false) throws(EngineError) {
        // Before any kernel runs.
        _ = Processor.instructionLevel
        let team = Threads.enterPlan(of: Threads.count)
        defer { Threads.leavePlan(team) }
        let traced = graph.withoutGradientOverrides()
        let computed = Processor.computesBfloat16 ? traced : traced.computedInFloat32()
        let graph =
            joins
            ? computed.sharingStatistics().readingDropoutMasks().foldingNormalizations()
                .fusingReLUs() : computed
        var builder = PlanBuilder(graph, isFrozen: isFrozen)
        let updates = Dictionary(grouping: graph.updates, by: \.value)
        for group in try Fusion.groups(of: graph, joins: joins) {
            builder.flops = graph.flops(of: group.nodes)
            switch group {
            case .primitive(let node, let fused): try builder.lower(node, fused)
            case .elementwise(let nodes): try builder.lowerElementwise(nodes, updates: updates)
            }
        }
        try builder.finishUpdates()
        for value in graph.outputs {
            let buffer = try builder.plainBuffer(value)
            builder.plan.outputs.append(
                Endpoint(buffer: buffer, shape: graph.shape(value), dtype: graph[value].dtype))
        }
        self = builder.plan
        MemoryPlanner.place(&self)
        #if DEBUG
        if let problem = PlanVerifier.problems(of: self).first {
            throw EngineError("the plan is not legal: \(problem)\n\(self)")
        }
        #endif
    }
}
