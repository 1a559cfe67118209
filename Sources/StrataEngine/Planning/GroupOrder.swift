internal import StrataGraph

/// The order in which the groups of a graph run.
///
/// It is depth first in the order of the graph: a value is read soon after it is computed. Groups that free memory or
/// that others wait for run as soon as possible: gradients of weights, which are smaller than their operands; the
/// updates that read them; and learning rates and other scalars, which updates read.
///
/// Sums over the ranks start as soon as possible, in the order that all ranks have in common (``SumOrder``). What needs
/// no sum runs before what needs the first, that before what needs the second, and so on; sums that no other waits for
/// come last. So backward hides the time that sums of gradients are in flight.
struct GroupOrder {
    private let graph: Graph
    private let groups: [FusionGroup]
    private let sums: SumOrder
    /// The group of each node; -1 for variables, which nothing computes.
    private let groupOf: [Int]
    /// The groups that each group reads; for one that starts a sum, also the one that starts the sum before.
    private let sources: [Set<Int>]
    /// The groups that start sums over the ranks.
    private let starts: Set<Int>
    /// The groups that finish them, with their places in the order of sums.
    private let finishes: [Int: Int]
    /// For groups that run as soon as possible: how many groups have to run before.
    private var missing: [Int: Int] = [:]
    /// The groups that wait for each.
    private var waiting: [[Int]]
    private var isDone: [Bool]
    private var order: [Int] = []

    /// The groups in an order in which they can run; those that only update variables come last where possible.
    ///
    /// - Throws: if there is no such order, as two groups wait for each other's sums over the ranks.
    static func ordered(
        _ groups: [FusionGroup], of graph: Graph, _ sums: SumOrder
    ) throws(EngineError) -> [FusionGroup] {
        var order = GroupOrder(groups, of: graph, sums)
        try order.runAll()
        return order.order.map { groups[$0] }
    }

    private init(_ groups: [FusionGroup], of graph: Graph, _ sums: SumOrder) {
        var groupOf = Array(repeating: -1, count: graph.nodes.count)
        for (group, content) in groups.enumerated() {
            for node in content.nodes { groupOf[node] = group }
        }
        self.graph = graph
        self.groups = groups
        self.sums = sums
        self.groupOf = groupOf
        var sources = groups.indices.map { group in
            let inputs = groups[group].nodes.flatMap { graph.nodes[$0].inputs }
            return Set(inputs.map { groupOf[$0.node] }).subtracting([group, -1])
        }
        for (first, second) in zip(sums.starts, sums.starts.dropFirst()) {
            sources[groupOf[second]].insert(groupOf[first])
        }
        self.sources = sources
        starts = Set(sums.starts.map { groupOf[$0] })
        finishes = Dictionary(sums.places.map { (groupOf[$0], $1) }) { first, _ in first }
        waiting = Array(repeating: [], count: groups.count)
        isDone = Array(repeating: false, count: groups.count)
    }

    private mutating func runAll() throws(EngineError) {
        let isLate = isLate
        let readers = readersOfUpdated
        let updates = Dictionary(grouping: graph.updates) { groupOf[$0.value.node] }
        var levels = try levels()
        for group in groups.indices where finishes[group] == nil {
            var needed = sources[group]
            if isLate[group] || isWeightsGradient(group) {
                for update in updates[group] ?? [] {
                    needed.formUnion(readers[update.variable] ?? [])
                }
                needed.remove(group)
                if isLate[group] { levels[group] = needed.map { levels[$0] }.max() ?? 0 }
            } else if !isScalar(group), !starts.contains(group) {
                continue
            }
            missing[group] = needed.count
            for source in needed { waiting[source].append(group) }
        }
        for group in groups.indices where missing[group] == 0 && !isLate[group] && !isDone[group] {
            run(group)
        }
        for level in 0...2 * starts.count {
            for late in [false, true] {
                for group in groups.indices
                where isLate[group] == late && levels[group] == level && !waitsForReader(group) {
                    runWithSources(group)
                }
            }
        }
        for group in groups.indices { runWithSources(group) }
    }

    /// Whether a group runs when another one reads it: one that finishes a sum, or, where there are sums, one that
    /// needs no other group and would only keep memory.
    private func waitsForReader(_ group: Int) -> Bool {
        if finishes[group] != nil { return true }
        return !starts.isEmpty && !starts.contains(group)
            && sources[group].allSatisfy { isLeaf($0) }
    }

    private func isLeaf(_ group: Int) -> Bool {
        groups[group].nodes.allSatisfy { graph.nodes[$0].operation.role == .leaf }
    }

    /// The turn of each group: that of the last sum which it needs, 0 for those that need none.
    ///
    /// Sums that others wait for come first, in their order, and then the rest.
    private func levels() throws(EngineError) -> [Int] {
        var levels = Array(repeating: 0, count: groups.count)
        if starts.isEmpty { return levels }
        var users = Array(repeating: [Int](), count: groups.count)
        for group in groups.indices {
            for source in sources[group] { users[source].append(group) }
        }
        let order = try topologicalOrder(users)
        var leadsToStart = Array(repeating: false, count: groups.count)
        for group in order.reversed() {
            leadsToStart[group] = users[group].contains { starts.contains($0) || leadsToStart[$0] }
        }
        for group in order {
            levels[group] = sources[group].map { levels[$0] }.max() ?? 0
            guard let place = finishes[group] else { continue }
            levels[group] = max(
                levels[group], place + 1 + (leadsToStart[group] ? 0 : starts.count))
        }
        return levels
    }

    private func topologicalOrder(_ users: [[Int]]) throws(EngineError) -> [Int] {
        var missing = sources.map(\.count)
        var order = groups.indices.filter { missing[$0] == 0 }
        var next = 0
        while next < order.count {
            for user in users[order[next]] {
                missing[user] -= 1
                if missing[user] == 0 { order.append(user) }
            }
            next += 1
        }
        guard order.count == groups.count else {
            throw EngineError(
                "the sums over ranks have no order in which all can start: a step waits for a sum "
                    + "that starts behind it; compute them in separate graphs")
        }
        return order
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
