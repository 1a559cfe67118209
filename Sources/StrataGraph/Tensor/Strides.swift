/// The strides of a row-major tensor, in elements.
///
/// No stride is 0, even for empty tensors, so that divisions by strides are possible.
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
