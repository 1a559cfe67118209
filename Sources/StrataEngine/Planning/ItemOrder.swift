internal import StrataGraph

/// The order in which the items of a graph run.
///
/// It is depth first by the order of the graph: a value is used soon after it is made. What frees memory
/// or is waited for runs as soon as it can: gradients of weights, which are small where what they are
/// computed from is not; the updates that they feed, after which they need not be kept; and learning rates
/// and the like, for which updates wait.
struct ItemOrder {
    private let graph: Graph
    private let items: [Fusion.Item]
    /// The item of each node; -1 for variables, which nothing computes.
    private let itemOf: [Int]
    /// What each item reads.
    private let sources: [Set<Int>]
    /// What is to run before an item that runs as soon as it can, as far as it has not run yet.
    private var missing: [Int: Int] = [:]
    /// The items for which each is missing.
    private var waiting: [[Int]]
    private var isDone: [Bool]
    private var order: [Int] = []

    /// The items in an order in which they can run; those that only write variables come last where they
    /// can.
    static func ordered(_ items: [Fusion.Item], of graph: Graph) -> [Fusion.Item] {
        var order = ItemOrder(items, of: graph)
        order.runAll()
        return order.order.map { items[$0] }
    }

    private init(_ items: [Fusion.Item], of graph: Graph) {
        var itemOf = Array(repeating: -1, count: graph.nodes.count)
        for (item, content) in items.enumerated() {
            for node in content.nodes { itemOf[node] = item }
        }
        self.graph = graph
        self.items = items
        self.itemOf = itemOf
        sources = items.indices.map { item in
            let inputs = items[item].nodes.flatMap { graph.nodes[$0].inputs }
            return Set(inputs.map { itemOf[$0.node] }).subtracting([item, -1])
        }
        waiting = Array(repeating: [], count: items.count)
        isDone = Array(repeating: false, count: items.count)
    }

    private mutating func runAll() {
        let isLate = isLate
        let readers = readersOfUpdated
        let updates = Dictionary(grouping: graph.updates) { itemOf[$0.value.node] }
        for item in items.indices {
            var needed = sources[item]
            if isLate[item] || isWeightsGradient(item) {
                for update in updates[item] ?? [] {
                    needed.formUnion(readers[update.variable] ?? [])
                }
                needed.remove(item)
            } else if !isNumber(item) {
                continue
            }
            missing[item] = needed.count
            for source in needed { waiting[source].append(item) }
        }
        for item in items.indices where missing[item] == 0 && !isLate[item] && !isDone[item] {
            run(item)
        }
        for late in [false, true] {
            for item in items.indices where isLate[item] == late { runWithSources(item) }
        }
    }

    /// Runs an item whose sources have run, and what can run then and should.
    private mutating func run(_ item: Int) {
        var open = [item]
        while let item = open.popLast() {
            isDone[item] = true
            order.append(item)
            for next in waiting[item].reversed() {
                missing[next]? -= 1
                if missing[next] == 0, !isDone[next] { open.append(next) }
            }
        }
    }

    private mutating func runWithSources(_ item: Int) {
        var open = [item]
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

    /// Whether an item does nothing but write variables.
    private var isLate: [Bool] {
        let updated = Set(graph.updates.map(\.value.node))
        let wanted = Set(graph.outputs.map(\.node))
        let used = sources.reduce(into: Set<Int>()) { $0.formUnion($1) }
        return items.indices.map { item in
            let nodes = items[item].nodes
            return !used.contains(item) && nodes.contains { updated.contains($0) }
                && !nodes.contains { wanted.contains($0) }
        }
    }

    /// The items that read each variable which the graph updates; the converted ones' readers as well.
    private var readersOfUpdated: [Variable: Set<Int>] {
        let updated = Set(graph.updates.map(\.variable))
        var readers: [Variable: Set<Int>] = [:]
        for (number, node) in graph.nodes.enumerated() {
            for input in node.inputs {
                var source = graph.nodes[input.node]
                if graph.isWeightsCast(input.node) { source = graph.nodes[source.inputs[0].node] }
                guard case .variable(let variable) = source.operation, updated.contains(variable)
                else { continue }
                readers[variable, default: []].insert(itemOf[number])
            }
        }
        return readers
    }

    private func isNumber(_ item: Int) -> Bool {
        items[item].nodes.allSatisfy { number in
            graph.nodes[number].outputs.allSatisfy { $0.shape.known?.reduce(1, *) == 1 }
        }
    }

    private func isWeightsGradient(_ item: Int) -> Bool {
        guard case .node(let number, _) = items[item] else { return false }
        return graph.nodes[number].operation.role == .weightsGradient
    }
}
