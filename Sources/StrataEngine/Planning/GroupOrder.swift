internal import StrataGraph

/// The order in which the groups of a graph run.
///
/// It is depth first in the order of the graph: a value is read soon after it is computed. Groups that free memory or
/// that others wait for run as soon as possible: gradients of weights, which are smaller than their operands; the
/// updates that read them; and learning rates and other scalars, which updates read.
struct GroupOrder {
    private let graph: Graph
    private let groups: [FusionGroup]
    /// The group of each node; -1 for variables, which nothing computes.
    private let groupOf: [Int]
    /// The groups that each group reads.
    private let sources: [Set<Int>]
    /// For groups that run as soon as possible: how many groups have to run before.
    private var missing: [Int: Int] = [:]
    /// The groups that wait for each.
    private var waiting: [[Int]]
    private var isDone: [Bool]
    private var order: [Int] = []

    /// The groups in an order in which they can run; those that only update variables come last where possible.
    static func ordered(_ groups: [FusionGroup], of graph: Graph) -> [FusionGroup] {
        var order = GroupOrder(groups, of: graph)
        order.runAll()
        return order.order.map { groups[$0] }
    }

    private init(_ groups: [FusionGroup], of graph: Graph) {
        var groupOf = Array(repeating: -1, count: graph.nodes.count)
        for (group, content) in groups.enumerated() {
            for node in content.nodes { groupOf[node] = group }
        }
        self.graph = graph
        self.groups = groups
        self.groupOf = groupOf
        sources = groups.indices.map { group in
            let inputs = groups[group].nodes.flatMap { graph.nodes[$0].inputs }
            return Set(inputs.map { groupOf[$0.node] }).subtracting([group, -1])
        }
        waiting = Array(repeating: [], count: groups.count)
        isDone = Array(repeating: false, count: groups.count)
    }

    private mutating func runAll() {
        let isLate = isLate
        let readers = readersOfUpdated
        let updates = Dictionary(grouping: graph.updates) { groupOf[$0.value.node] }
        for group in groups.indices {
            var needed = sources[group]
            if isLate[group] || isWeightsGradient(group) {
                for update in updates[group] ?? [] {
                    needed.formUnion(readers[update.variable] ?? [])
                }
                needed.remove(group)
            } else if !isScalar(group) {
                continue
            }
            missing[group] = needed.count
            for source in needed { waiting[source].append(group) }
        }
        for group in groups.indices where missing[group] == 0 && !isLate[group] && !isDone[group] {
            run(group)
        }
        for late in [false, true] {
            for group in groups.indices where isLate[group] == late { runWithSources(group) }
        }
    }

    /// Runs a group whose sources have run, and the groups that waited for it.
    private mutating func run(_ group: Int) {
        var open = [group]
        while let group = open.popLast() {
            isDone[group] = true
            order.append(group)
            for next in waiting[group].reversed() {
                missing[next]? -= 1
                if missing[next] == 0, !isDone[next] { open.append(next) }
            }
        }
    }

    private mutating func runWithSources(_ group: Int) {
        var open = [group]
        while let top = open.last {
            if isDone[top] {
                open.removeLast()
            } else if let source = sources[top].filter({ !isDone[$0] }).min() {
                open.append(source)
            } else {
                run(top)
            }
        }
    }

    /// Whether a group only updates variables.
    private var isLate: [Bool] {
        let updated = Set(graph.updates.map(\.value.node))
        let wanted = Set(graph.outputs.map(\.node))
        let used = sources.reduce(into: Set<Int>()) { $0.formUnion($1) }
        return groups.indices.map { group in
            let nodes = groups[group].nodes
            return !used.contains(group) && nodes.contains { updated.contains($0) }
                && !nodes.contains { wanted.contains($0) }
        }
    }

    /// The groups that read each variable that the graph updates, or its conversion.
    private var readersOfUpdated: [Variable: Set<Int>] {
        let updated = Set(graph.updates.map(\.variable))
        var readers: [Variable: Set<Int>] = [:]
        for (number, node) in graph.nodes.enumerated() {
            for input in node.inputs {
                var source = graph.nodes[input.node]
                if graph.isWeightsCast(input.node) { source = graph.nodes[source.inputs[0].node] }
                guard case .variable(let variable) = source.operation, updated.contains(variable)
                else { continue }
                readers[variable, default: []].insert(groupOf[number])
            }
        }
        return readers
    }

    private func isScalar(_ group: Int) -> Bool {
        groups[group].nodes.allSatisfy { number in
            graph.nodes[number].outputs.allSatisfy { $0.shape.known?.reduce(1, *) == 1 }
        }
    }

    private func isWeightsGradient(_ group: Int) -> Bool {
        guard case .primitive(let number, _) = groups[group] else { return false }
        return graph.nodes[number].operation.role == .weightsGradient
    }
}
