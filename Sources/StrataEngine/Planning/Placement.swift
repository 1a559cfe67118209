internal import StrataGraph

/// A value in memory: its layout and its buffer.
struct Placement {
    var layout: MemoryDescriptor
    var buffer: Int
}

/// The layouts in which the values of a graph are in memory.
struct ValuePlacements {
    /// The first is the one in which a value was computed.
    private var placements: [Graph.Value: [Placement]] = [:]

    func first(of value: Graph.Value) -> Placement? { placements[value]?.first }

    func contains(_ value: Graph.Value) -> Bool { placements[value] != nil }

    /// A placement with the same bytes as a layout.
    func placement(of value: Graph.Value, sameAs layout: MemoryDescriptor) -> Placement? {
        placements[value]?.first { $0.layout.hasSameBytes(as: layout) }
    }

    /// A placement with the axes of a layout, which can be reordered to it.
    func placement(of value: Graph.Value, withAxesOf layout: MemoryDescriptor) -> Placement? {
        placements[value]?.first { $0.layout.dims == layout.dims }
    }

    mutating func add(_ placement: Placement, of value: Graph.Value) {
        placements[value, default: []].append(placement)
    }

    mutating func replace(with placement: Placement, of value: Graph.Value) {
        placements[value] = [placement]
    }

    /// The values that share a buffer.
    func values(in buffer: Int) -> Set<Graph.Value> {
        Set(placements.filter { $0.value.contains { $0.buffer == buffer } }.map(\.key))
    }
}
