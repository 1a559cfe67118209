import StrataGraph

extension Reference {
    static func transpose(_ order: [Int], _ x: ReferenceTensor) -> ReferenceTensor {
        var result = ReferenceTensor(repeating: 0, shape: order.map { x.shape[$0] })
        forEachIndex(of: x.shape) { index in result[order.map { index[$0] }] = x[index] }
        return result
    }

    static func pad(_ pad: Pad, _ x: ReferenceTensor) -> ReferenceTensor {
        let shape = x.shape.indices.map { pad.before[$0] + x.shape[$0] + pad.after[$0] }
        var result = ReferenceTensor(repeating: Double(pad.value), shape: shape)
        forEachIndex(of: x.shape) { index in
            result[index.indices.map { index[$0] + pad.before[$0] }] = x[index]
        }
        return result
    }

    static func slice(_ slice: Slice, _ x: ReferenceTensor) -> ReferenceTensor {
        var result = ReferenceTensor(repeating: 0, shape: slice.sizes)
        forEachIndex(of: slice.sizes) { index in
            result[index] = x[index.indices.map { index[$0] + slice.start[$0] }]
        }
        return result
    }

    static func concatenate(_ parts: [ReferenceTensor], axis: Int) -> ReferenceTensor {
        var shape = parts[0].shape
        shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
        var result = ReferenceTensor(repeating: 0, shape: shape)
        var offset = 0
        for part in parts {
            forEachIndex(of: part.shape) { index in
                var target = index
                target[axis] += offset
                result[target] = part[index]
            }
            offset += part.shape[axis]
        }
        return result
    }
}
