internal import StrataGraph

// Operations that reshape, transpose, join and slice, in Keras.

extension Gather: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? { .numpy("Take", 2, ["axis": 0]) }
}

extension StrataGraph.Reshape: KerasConvertible {
    /// A new shape, of which one dimension may be unknown.
    func kerasCalls(for node: Node) -> KerasCalls? {
        let dimensions = node.outputs[0].shape.dimensions
        guard dimensions.filter({ $0 == nil }).count <= 1 else { return nil }
        return .numpy("Reshape", 1, ["newshape": JSONValue(dimensions.map { $0 ?? -1 })])
    }
}

extension Transpose: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        .numpy("Transpose", 1, ["axes": JSONValue(order)])
    }
}

extension Broadcast: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        shape.known.map { .numpy("BroadcastTo", 1, ["shape": JSONValue($0)]) }
    }
}

extension Pad: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        let widths = zip(before, after).map { JSONValue([$0, $1]) }
        var calls = KerasCalls.numpy("Pad", 1, ["pad_width": .array(widths), "mode": "constant"])
        calls.calls[0].keywords = ["constant_values": .float(value)]
        return calls
    }
}

extension Slice: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        let source = node.inputs[0].shape
        let keys = start.indices.map { axis -> JSONValue in
            let (start, size) = (start[axis], sizes[axis])
            let isRest = size == -1 || source[axis] == start + size
            return [
                "class_name": "__slice__",
                "config": [
                    "start": start == 0 ? .null : .integer(start),
                    "stop": isRest ? .null : .integer(start + size), "step": .null,
                ],
            ]
        }
        var calls = KerasCalls.numpy("GetItem")
        calls.calls[0].more = [.array(keys)]
        return calls
    }
}

extension StrataGraph.Concatenate: KerasConvertible {
    func kerasCalls(for node: Node) -> KerasCalls? {
        var calls = KerasCalls.numpy("Concatenate", node.inputs.count, ["axis": .integer(axis)])
        calls.calls[0].takesList = true
        return calls
    }
}
