/// The strides of a row-major tensor, in elements.
///
/// None is 0, also where a tensor is empty, so that strides divide.
package func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = Array(repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
        strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
}

/// The inverse of a permutation of axes.
package func inverse(_ order: [Int]) -> [Int] {
    order.indices.sorted { order[$0] < order[$1] }
}
