package import StrataGraph

/// A row-major array of `Double`: what the reference interpreter computes with.
package struct ReferenceTensor: Sendable, Equatable {
    package var shape: [Int]
    package var values: [Double]

    /// - Precondition: `shape` multiplies to the number of values.
    package init(_ values: [Double], shape: [Int]) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values for \(shape)")
        self.shape = shape
        self.values = values
    }

    package init(repeating value: Double, shape: [Int]) {
        self.init(Array(repeating: value, count: shape.reduce(1, *)), shape: shape)
    }

    package init(_ tensor: Tensor) {
        let values: [Double] =
            switch tensor.storage {
            case .int32(let integers): integers.map(Double.init)
            case .float32, .bfloat16, .uint8, .bool: tensor.scalars.map(Double.init)
            }
        self.init(values, shape: tensor.shape)
    }

    /// The nearest numbers of another type.
    package func tensor(_ dtype: DType) -> Tensor {
        switch dtype {
        case .int32: Tensor(values.map { Int32($0) }, shape: shape)
        case .float32, .bfloat16, .uint8, .bool:
            Tensor(values.map { Float($0) }, shape: shape).cast(to: dtype)
        }
    }

    package var count: Int { values.count }

    /// How far apart neighbours along each axis are.
    var strides: [Int] {
        var strides = Array(repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }

    subscript(index: [Int]) -> Double {
        get { values[offset(index)] }
        set { values[offset(index)] = newValue }
    }

    private func offset(_ index: [Int]) -> Int {
        zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
    }

    func map(_ transform: (Double) -> Double) -> ReferenceTensor {
        ReferenceTensor(values.map(transform), shape: shape)
    }

    /// The elements repeated to a shape by NumPy's rule: axes are aligned at their ends, and an axis
    /// of 1 counts for every place.
    func broadcast(to target: [Int]) -> ReferenceTensor {
        if shape == target { return self }
        let missing = target.count - shape.count
        let strides = strides
        let steps = target.indices.map { axis in
            axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
        }
        var result: [Double] = []
        forEachIndex(of: target) { index in
            result.append(values[zip(index, steps).reduce(0) { $0 + $1.0 * $1.1 }])
        }
        return ReferenceTensor(result, shape: target)
    }
}

/// Goes through all index tuples of a shape, the last axis fastest.
func forEachIndex(of shape: [Int], _ body: ([Int]) -> Void) {
    guard shape.allSatisfy({ $0 > 0 }) else { return }
    var index = Array(repeating: 0, count: shape.count)
    while true {
        body(index)
        var axis = shape.count - 1
        while axis >= 0 {
            index[axis] += 1
            if index[axis] < shape[axis] { break }
            index[axis] = 0
            axis -= 1
        }
        if axis < 0 { return }
    }
}

extension ReferenceTensor {
    /// The largest difference between elements at the same place; infinite between unequal shapes, and
    /// where one alone is no number.
    package func largestDifference(from other: ReferenceTensor) -> Double {
        guard shape == other.shape else { return .infinity }
        return zip(values, other.values).reduce(0) { largest, pair in
            if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return largest }
            let difference = abs(pair.0 - pair.1)
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }

    /// The size of the largest element that has one.
    package var largest: Double {
        values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    }

    /// The size of the largest element, but at least 1.
    package var scale: Double { max(largest, 1) }
}
