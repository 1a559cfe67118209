extension SymbolicTensor {
    /// The sum of the gradients that a value has from each of its uses.
    ///
    /// The gradient of a slice is padded with zeros. Where slices are parts of the value, such as
    /// the steps of a sequence or the gates of a cell, their gradients are concatenated: a sum
    /// would read and add the whole value for each of them.
    static func sum(_ gradients: [SymbolicTensor]) -> SymbolicTensor {
        let padded = gradients.compactMap(PaddedSlice.init)
        guard padded.count > 1, let joined = concatenated(padded) else {
            return added(gradients)
        }
        return added(gradients.filter { PaddedSlice($0) == nil } + [joined])
    }

    private static func added(_ terms: [SymbolicTensor]) -> SymbolicTensor {
        terms.dropFirst().reduce(terms[0], +)
    }

    /// The sum of slices that lie side by side along one axis; `nil` if they do not.
    private static func concatenated(_ slices: [PaddedSlice]) -> SymbolicTensor? {
        let axis = slices[0].axis
        let dtype = slices[0].values[0].dtype
        guard slices.allSatisfy({ $0.axis == axis && $0.values[0].dtype == dtype }) else {
            return nil
        }
        var parts: [PaddedSlice] = []
        for slice in slices.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = parts.last, (last.start, last.end) == (slice.start, slice.end) {
                parts[parts.count - 1].values += slice.values
            } else if slice.start == parts.last?.end ?? slice.start {
                parts.append(slice)
            } else {
                return nil
            }
        }
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return nil }
        let joined = concatenated(parts.map { added($0.values) }, axis: axis)
        var (before, after) = (first.pad.before, last.pad.after)
        before[axis] = first.start
        after[axis] = last.pad.after[axis]
        return before[axis] + after[axis] == 0
            ? joined : joined.padded(before: before, after: after)
    }
}

/// A tensor that is padded with zeros along one axis.
private struct PaddedSlice {
    var pad: Pad
    var axis: Int
    var size: Int
    /// The tensors whose sum is the slice.
    var values: [SymbolicTensor]

    init?(_ gradient: SymbolicTensor) {
        guard case .pad(let pad)? = gradient.node?.operation, pad.value == 0,
            let value = gradient.node?.inputs[0]
        else { return nil }
        let axes = pad.before.indices.filter { pad.before[$0] > 0 || pad.after[$0] > 0 }
        guard axes.count == 1, let size = value.shape[axes[0]] else { return nil }
        self.pad = pad
        axis = axes[0]
        self.size = size
        values = [value]
    }

    var start: Int { pad.before[axis] }
    var end: Int { start + size }
}
