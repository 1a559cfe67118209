internal import StrataGraph

/// The order in which every rank starts the sums of a graph: MPI matches collectives by it.
///
/// It depends on the sums alone, since the batches of ranks may differ, and with them what is joined and in which
/// layouts: a sum comes behind those that it is computed from, and is as early as they allow. Thus sums of gradients
/// start between those that backward itself waits for.
struct SumOrder {
    /// The nodes that start sums, in order.
    let starts: [Int]
    /// The nodes that finish them, with their place in the order.
    let places: [Int: Int]

    init(_ graph: Graph) throws(EngineError) {
        /// How many sums, at most, have to be finished one after the other before a node.
        var depths = Array(repeating: 0, count: graph.nodes.count)
        var found: [(depth: Int, number: Int, node: Int)] = []
        var finishes: [(number: Int, node: Int)] = []
        var communicator: (any Communicator)?
        for (node, call) in graph.nodes.enumerated() {
            depths[node] = call.inputs.map { depths[$0.node] }.max() ?? 0
            guard case .hostCall(let host) = call.operation, let sum = host.function.sum else {
                continue
            }
            guard communicator == nil || communicator === sum.communicator else {
                throw EngineError(
                    "a graph has sums over the ranks of two communicators; give it one")
            }
            communicator = sum.communicator
            if sum.isStart {
                found.append((depths[node], sum.number, node))
            } else {
                depths[node] += 1
                finishes.append((sum.number, node))
            }
        }
        found.sort { ($0.depth, $0.number) < ($1.depth, $1.number) }
        starts = found.map(\.node)
        var placeOf: [Int: Int] = [:]
        for (place, start) in found.enumerated() {
            guard placeOf.updateValue(place, forKey: start.number) == nil else {
                throw EngineError(
                    "two sums over ranks have the number \(start.number); trace a graph's sums "
                        + "with one RankSums")
            }
        }
        var places: [Int: Int] = [:]
        for finish in finishes { places[finish.node] = placeOf[finish.number] }
        self.places = places
    }
}
