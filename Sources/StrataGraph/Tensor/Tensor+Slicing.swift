extension Tensor {
    /// Rows `range` along the first dimension, of shape `[range.count, …]`.
    ///
    /// - Precondition: `range` lies within the first dimension.
    public subscript(range: Range<Int>) -> Tensor {
        let row = shape.dropFirst().reduce(1, *)
        return Tensor(
            storage: storage.slice(range.lowerBound * row..<range.upperBound * row),
            shape: [range.count] + shape.dropFirst())
    }

    /// Row `index` along the first dimension, without that dimension.
    ///
    /// - Precondition: `index` lies within the first dimension.
    public subscript(index: Int) -> Tensor {
        self[index..<index + 1].reshaped(Array(shape.dropFirst()))
    }

    /// The rows at `indices`, in that order, of shape `[indices.count, …]`.
    public func gathering(rows indices: [Int]) -> Tensor {
        let row = shape.dropFirst().reduce(1, *)
        return Tensor(
            storage: storage.gather(rows: indices, of: row),
            shape: [indices.count] + shape.dropFirst())
    }

    /// The position of the largest element along `axis`, as `int32` without that axis; the first of
    /// equals wins, as in NumPy.
    public func argMax(axis: Int = -1) -> Tensor {
        let axis = axis < 0 ? axis + rank : axis
        let length = shape[axis]
        let inner = shape[(axis + 1)...].reduce(1, *)
        let outer = shape[..<axis].reduce(1, *)
        let values = scalars
        var result = [Int32](repeating: 0, count: outer * inner)
        for o in 0..<outer {
            for i in 0..<inner {
                var best = 0
                for k in 1..<max(length, 1)
                where values[(o * length + k) * inner + i] > values[(o * length + best) * inner + i]
                {
                    best = k
                }
                result[o * inner + i] = Int32(best)
            }
        }
        var reduced = shape
        reduced.remove(at: axis)
        return Tensor(result, shape: reduced)
    }

    /// Joins tensors of one type along the first dimension.
    ///
    /// - Precondition: all have the same type and the same shape but for the first dimension.
    package static func concatenated(_ tensors: [Tensor]) -> Tensor? {
        guard let first = tensors.first else { return nil }
        let rows = tensors.reduce(0) { $0 + $1.shape[0] }
        return Tensor(shape: [rows] + first.shape.dropFirst(), dtype: first.dtype) { bytes in
            var offset = 0
            for tensor in tensors {
                tensor.withUnsafeBytes { part in
                    UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<offset + part.count])
                        .copyMemory(from: part)
                    offset += part.count
                }
            }
        }
    }
}

extension Tensor.Storage {
    fileprivate func slice(_ range: Range<Int>) -> Tensor.Storage {
        switch self {
        case .float32(let values): .float32(Array(values[range]))
        case .bfloat16(let values): .bfloat16(Array(values[range]))
        case .int32(let values): .int32(Array(values[range]))
        case .uint8(let values): .uint8(Array(values[range]))
        case .bool(let values): .bool(Array(values[range]))
        }
    }

    fileprivate func gather(rows: [Int], of row: Int) -> Tensor.Storage {
        func pick<T>(_ values: [T]) -> [T] {
            var result: [T] = []
            result.reserveCapacity(rows.count * row)
            for index in rows { result += values[index * row..<(index + 1) * row] }
            return result
        }
        return switch self {
        case .float32(let values): .float32(pick(values))
        case .bfloat16(let values): .bfloat16(pick(values))
        case .int32(let values): .int32(pick(values))
        case .uint8(let values): .uint8(pick(values))
        case .bool(let values): .bool(pick(values))
        }
    }
}
