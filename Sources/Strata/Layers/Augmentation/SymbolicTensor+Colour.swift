internal import StrataGraph

/// Colour functions of images `[batch, height, width, channels]` in `float32`.
extension SymbolicTensor {
    /// One channel, with its axis kept.
    func channel(_ number: Int) -> SymbolicTensor {
        guard var sizes = shape.known else { return self }
        var start = sizes.map { _ in 0 }
        start[3] = number
        sizes[3] = 1
        return sliced(from: start, sizes: sizes)
    }

    /// The luma of RGB images, one channel; gray images themselves.
    ///
    /// Weights are Keras 3.15.1's, which are those of ITU-R BT.601 except for the last digit of
    /// red.
    func grey() -> SymbolicTensor {
        if shape[3] == 1 { return self }
        return channel(0) * 0.2989 + channel(1) * 0.587 + channel(2) * 0.114
    }

    /// Hue and saturation of 0 … 1 and the value of RGB images, one channel each.
    func hueSaturationValue() -> (
        hue: SymbolicTensor, saturation: SymbolicTensor, value: SymbolicTensor
    ) {
        let images = absolute().less(than: Float.ulpOfOne).select(.constant(0), self)
        let (r, g, b) = (images.channel(0), images.channel(1), images.channel(2))
        let value = r.maximum(g).maximum(b)
        let range = value - r.minimum(g).minimum(b)
        let (isLit, isColoured) = (value.greater(than: 0), range.greater(than: 0))
        let one = SymbolicTensor.constant(1)
        let saturation = isLit.select(range / isLit.select(value, one), .constant(0))
        let norm = (isColoured.select(range, one) * 6).reciprocal()
        let green = value.equal(to: g)
            .select(norm * (b - r) + Float(2.0 / 6), norm * (r - g) + Float(4.0 / 6))
        let hue = value.equal(to: r).select(norm * (g - b), green)
        let wrapped = isColoured.select(hue, .constant(0)) + hue.less(than: 0)
        return (wrapped, saturation, value)
    }

    /// RGB images from hue, saturation and value.
    static func rgb(hue: SymbolicTensor, saturation: SymbolicTensor, value: SymbolicTensor)
        -> SymbolicTensor
    {
        let sector = (hue - hue.floor()) * 6
        let parts = [
            ((sector - 3).absolute() - 1).clipped(0, 1),
            (2 - (sector - 2).absolute()).clipped(0, 1),
            (2 - (sector - 4).absolute()).clipped(0, 1),
        ]
        return .concatenated(parts.map { value * (1 - saturation + saturation * $0) }, axis: -1)
    }

    /// Values mapped from one range to another.
    func mapped(from old: ClosedRange<Float>, to new: ClosedRange<Float>) -> SymbolicTensor {
        if old == new { return self }
        return (self - old.lowerBound) / (old.upperBound - old.lowerBound)
            * (new.upperBound - new.lowerBound) + new.lowerBound
    }

    func clipped(_ range: ClosedRange<Float>) -> SymbolicTensor {
        clipped(range.lowerBound, range.upperBound)
    }

    /// Each channel blurred by a Gaussian kernel, with zero padding.
    ///
    /// - Parameters:
    ///   - sizes: the size of the kernel along width and height.
    ///   - deviations: the standard deviations along width and height, each of one element.
    func blurred(sizes: (Int, Int), deviations: (SymbolicTensor, SymbolicTensor))
        -> SymbolicTensor
    {
        func kernel(_ size: Int, _ deviation: SymbolicTensor, _ shape: [Int]) -> SymbolicTensor {
            let offsets = (0..<size).map { Float($0) - Float(size - 1) / 2 }
            let line =
                (.constant(Tensor(offsets, shape: shape)) / deviation.reshaped([1, 1, 1, 1]))
            let weights = (line.square() * -0.5).exp()
            let channels = self.shape[3] ?? 1
            return (weights / weights.sum(keepDimensions: true))
                .broadcast(to: Shape(shape.dropLast() + [channels]))
        }
        return smoothed(kernel(sizes.0, deviations.0, [1, sizes.0, 1, 1]))
            .smoothed(kernel(sizes.1, deviations.1, [sizes.1, 1, 1, 1]))
    }

    /// A depthwise convolution with `[height, width, 1, channels]`.
    func smoothed(_ kernel: SymbolicTensor) -> SymbolicTensor {
        convolved(with: kernel, padding: .same, groups: shape[3] ?? 1)
    }
}
