internal import StrataGraph

/// Decides which nodes become one step, and in what order the steps run.
///
/// Elementwise nodes of one shape that feed each other become one fused elementwise kernel. An addition and an
/// activation that alone read a convolution or an inner product are computed inside of it, and a scaling of channels
/// inside of the pooling that alone reads it.
struct Fusion {
    /// More would not fit into the first-level cache (a block of each slot is 2 KiB).
    private static let largestGroup = 40

    private let graph: Graph
    private let sums: SumOrder
    private let users: [[Int]]
    private var group: [Int?]
    private var members: [[Int]] = []
    private var fusedOperations: [Int: FusedOperations] = [:]

    /// The groups in an order in which they can run; those that only write variables come last.
    ///
    /// - Throws: if the graph has sums over ranks that are not of one kind on all of them.
    static func groups(
        of graph: Graph, joins: Bool = true
    ) throws(EngineError) -> [FusionGroup] {
        var fusion = Fusion(graph, try SumOrder(graph))
        if joins {
            fusion.joinFusedOperations()
            fusion.joinElementwise()
        }
        return try fusion.ordered()
    }

    private init(_ graph: Graph, _ sums: SumOrder) {
        self.graph = graph
        self.sums = sums
        var users = Array(repeating: [Int](), count: graph.nodes.count)
        for (number, node) in graph.nodes.enumerated() {
            for input in node.inputs { users[input.node].append(number) }
        }
        // Nodes between two sums do not run together with one behind the second.
        for (first, second) in zip(sums.starts, sums.starts.dropFirst()) {
            users[first].append(second)
        }
        self.users = users
        group = Array(repeating: nil, count: graph.nodes.count)
    }

    private mutating func joinFusedOperations() {
        let kept = Set((graph.outputs + graph.updates.map(\.value)).map(\.node))
        let onlyUser = { [graph, users] (number: Int) -> Int? in
            guard users[number].count == 1, !kept.contains(number) else { return nil }
            let user = users[number][0]
            return graph.nodes[user].outputs[0] == graph.nodes[number].outputs[0] ? user : nil
        }
        var taken: Set<Int> = []
        // From the back, so that of the two operands of a sum the one that is computed last takes the other.
        for (number, node) in graph.nodes.enumerated().reversed() {
            if case .pooling = node.operation, let found = scaling(before: number, kept) {
                fusedOperations[number] = FusedOperations(prologue: found)
                taken.formUnion(found.nodes)
            } else if case .poolingBackward = node.operation,
                let found = derivative(behind: number, onlyUser),
                graph[found.result] == node.outputs[0], taken.isDisjoint(with: found.nodes)
            {
                fusedOperations[number] = FusedOperations(derivative: found)
                taken.formUnion(found.nodes)
            }
            let canAdd = if case .convolution = node.operation { true } else { false }
            let isProduct = if case .innerProduct = node.operation { true } else { false }
            guard canAdd || isProduct else { continue }
            var fused = FusedOperations()
            var last = number
            if canAdd, let user = onlyUser(number), !taken.contains(user),
                case .binary(.add) = graph.nodes[user].operation,
                let other = graph.nodes[user].inputs.first(where: { $0.node != number }),
                graph[other] == node.outputs[0]
            {
                fused.addition = (user, other)
                last = user
            }
            if let user = onlyUser(last), case .unary(let function) = graph.nodes[user].operation,
                let activation = Activation(rawValue: function.rawValue)
            {
                fused.activation = (user, activation)
            }
            fusedOperations[number] = fused
            taken.formUnion(fused.nodes)
        }
    }

    /// A normalization with given statistics that only a pooling reads.
    private func scaling(before number: Int, _ kept: Set<Int>) -> FusedOperations.Scaling? {
        /// The image and the values of channels that a node computes its result for `user` from.
        func operands(_ value: Graph.Value, _ function: BinaryFunction, of user: Int) -> (
            image: Graph.Value, values: Graph.Value
        )? {
            guard case .binary(function) = graph.nodes[value.node].operation,
                users[value.node] == [user], !kept.contains(value.node),
                graph[value].dtype == .float32
            else { return nil }
            let inputs = graph.nodes[value.node].inputs
            guard
                let values = inputs.first(where: { graph.shape($0) == [graph.shape(value).last] }),
                let image = inputs.first(where: { graph[$0] == graph[value] })
            else { return nil }
            return (image, values)
        }
        let sum = graph.nodes[number].inputs[0]
        guard let (product, shift) = operands(sum, .add, of: number),
            let (image, scale) = operands(product, .multiply, of: sum.node)
        else { return nil }
        return FusedOperations.Scaling(
            nodes: [product.node, sum.node], image: image, scale: scale, shift: shift)
    }

    /// The gradient of an activation that alone reads a gradient.
    private func derivative(behind number: Int, _ onlyUser: (Int) -> Int?) -> FusedOperations
        .Derivative?
    {
        guard let product = onlyUser(number) else { return nil }
        /// Whether a node serves the product alone, and comes with it.
        func serves(_ node: Int, _ user: Int) -> Bool { node > number && onlyUser(node) == user }
        if let (gradient, comparison) = graph.masked(product) {
            guard gradient.node == number, serves(comparison, product) else { return nil }
            return FusedOperations.Derivative(
                nodes: [comparison, product], function: .relu,
                result: graph.nodes[comparison].inputs[0])
        }
        guard case .binary(.multiply) = graph.nodes[product].operation,
            let factor = graph.nodes[product].inputs.first(where: { $0.node != number })?.node,
            case .binary(.subtract) = graph.nodes[factor].operation, serves(factor, product),
            graph.isNumber(1, graph.nodes[factor].inputs[0])
        else { return nil }
        let square = graph.nodes[factor].inputs[1].node
        guard case .unary(.square) = graph.nodes[square].operation, serves(square, factor) else {
            return nil
        }
        return FusedOperations.Derivative(
            nodes: [square, factor, product], function: .tanh,
            result: graph.nodes[square].inputs[0])
    }

    private mutating func joinElementwise() {
        let taken = Set(fusedOperations.values.flatMap(\.nodes))
        for (number, node) in graph.nodes.enumerated()
        where node.operation.role == .elementwise && !taken.contains(number)
            && !graph.isWeightsCast(number)
        {
            var best = [number]
            for input in candidates(for: node) {
                guard let other = group[input],
                    graph.nodes[input].outputs[0].shape
                        == node.outputs[0].shape
                else { continue }
                let union = Set(best).union(members[other])
                if union.count <= Fusion.largestGroup, isClosed(union) { best = union.sorted() }
            }
            members.append(best)
            for member in best { group[member] = members.count - 1 }
        }
    }

    /// The nodes whose groups one may join.
    ///
    /// A mask is cheaper to compute again than to keep: it joins those that read it, not what it is
    /// computed from, unless they are together anyway.
    private func candidates(for node: Graph.Call) -> [Int] {
        if node.operation.isMask { return [] }
        let inputs = node.inputs.map(\.node)
        let behindMasks = inputs.filter { graph.nodes[$0].operation.isMask }
            .flatMap { graph.nodes[$0].inputs.map(\.node) }
        return Set(inputs).sorted() + Set(behindMasks).subtracting(inputs).sorted()
    }

    /// Whether no path leads out of the nodes and back in.
    ///
    /// Other groups run as a whole, so that a path enters a group at one node and leaves it at any other.
    private func isClosed(_ nodes: Set<Int>) -> Bool {
        var isSeen = Array(repeating: false, count: graph.nodes.count)
        var open = nodes.flatMap { users[$0] }.filter { !nodes.contains($0) }
        while let node = open.popLast() {
            if isSeen[node] { continue }
            for member in allNodes(runWith: node) {
                isSeen[member] = true
                for user in users[member] {
                    if nodes.contains(user) { return false }
                    open.append(user)
                }
            }
        }
        return true
    }

    /// The nodes that are run together with one.
    private func allNodes(runWith node: Int) -> [Int] {
        if let group = group[node] { return members[group] }
        return [node] + (fusedOperations[node]?.nodes ?? [])
    }

    private func ordered() throws(EngineError) -> [FusionGroup] {
        var groups: [FusionGroup] = []
        var isTaken = Array(repeating: false, count: graph.nodes.count)
        for node in fusedOperations.values.flatMap({ $0.prologue?.nodes ?? [] }) {
            isTaken[node] = true
        }
        for (number, node) in graph.nodes.enumerated() where !isTaken[number] {
            if case .variable = node.operation { continue }
            if let group = group[number] {
                groups.append(.elementwise(members[group]))
            } else {
                groups.append(.primitive(number, fusedOperations[number] ?? FusedOperations()))
            }
            for node in groups[groups.count - 1].nodes { isTaken[node] = true }
        }
        return try GroupOrder.ordered(groups, of: graph, sums)
    }
}

extension Graph {
    /// Whether a node is a variable in `bfloat16`: it is converted where it is read, in the layout of its reader.
    func isWeightsCast(_ number: Int) -> Bool {
        guard case .cast(.bfloat16) = nodes[number].operation,
            case .variable = nodes[nodes[number].inputs[0].node].operation
        else { return false }
        return true
    }
}

extension Operation {
    /// Whether the result is that of a comparison.
    fileprivate var isMask: Bool {
        if case .binary(let function) = self { function.isComparison } else { false }
    }
}
