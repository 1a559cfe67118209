internal import StrataGraph

/// Which part of a step, and which layer, each operation of its graph belongs to.
///
/// It is filled while the step is traced: what a layer's call, the loss or a gradient has made is
/// what is reached from its results and was not there before.
final class NodeOrigins {
    struct Place {
        var pass: NumericsError.Pass
        var layer: String?
        var weight: String?
    }

    private var places: [NodeReference: Place] = [:]
    private var path: [String] = []

    /// The place of an operation; `nil` for one that was not noted.
    subscript(node: Node) -> Place? { places[NodeReference(node)] }

    /// Notes `place` for the operations on the way to `results` that have none yet.
    ///
    /// - Parameter inputs: where the way begins; their own operations belong to others.
    func note(_ results: [SymbolicTensor], after inputs: [SymbolicTensor] = [], as place: Place) {
        let ends = Set(inputs.compactMap(\.node).map { NodeReference($0) })
        var stack = results.compactMap(\.node)
        while let node = stack.popLast() {
            let reference = NodeReference(node)
            guard node.operation.definition != nil, places[reference] == nil,
                !ends.contains(reference)
            else { continue }
            places[reference] = place
            stack += node.inputs.compactMap(\.node)
        }
    }

    /// Notes the operations of a layer's call, those of inner layers under their own names.
    func noteCall(
        of layer: String, _ inputs: [SymbolicTensor], _ call: () -> [SymbolicTensor]
    ) -> [SymbolicTensor] {
        path.append(layer)
        defer { path.removeLast() }
        let results = call()
        note(
            results, after: inputs,
            as: Place(pass: .forward, layer: path.joined(separator: "/")))
        return results
    }

    /// Notes the operations of the gradient of one operation.
    func noteGradient(of node: Node, _ results: [SymbolicTensor]) {
        note(results, as: Place(pass: .backward, layer: self[node]?.layer))
    }
}
