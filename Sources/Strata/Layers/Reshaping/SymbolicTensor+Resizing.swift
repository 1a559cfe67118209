extension SymbolicTensor {
    /// Resizes the axes from `first` on to `size`; all dimensions must be known.
    func resized(
        to size: [Int], from first: Int, _ interpolation: Interpolation, isSmooth: Bool = false
    ) -> SymbolicTensor {
        size.indices.reduce(self) { image, number in
            let axis = first + number
            guard let length = image.shape[axis], length != size[number] else { return image }
            let weights = interpolation.weights(
                from: length, to: size[number], isSmooth: isSmooth)
            return image.contracted(axis, with: .constant(weights))
        }
    }

    /// The sum over an axis, weighted by each column of `[length, newLength]`.
    private func contracted(_ axis: Int, with weights: SymbolicTensor) -> SymbolicTensor {
        let last = rank - 1
        let order = (0...last).filter { $0 != axis } + [axis]
        let back = (0..<axis) + [last] + (axis..<last)
        return transposed(order).multiplied(by: weights.cast(to: dtype)).transposed(Array(back))
    }
}
