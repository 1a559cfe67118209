internal import StrataGraph

/// Random values for one call of a layer, drawn again in every step.
struct ImageDraws {
    let context: CallContext
    let stream: UInt64
    let batch: Int

    /// Which values are drawn.
    enum Extent {
        /// Values of this shape for each image.
        case perImage([Int])
        /// Values of this shape that all images of the whole batch share.
        case perBatch([Int])

        /// One value for each image, broadcast over its pixels.
        static let each = Extent.perImage([1, 1, 1])
        /// One value for all images.
        static let one = Extent.perBatch([1, 1, 1, 1])
    }

    /// The shape of one value for each image.
    var each: [Int] { [batch, 1, 1, 1] }

    /// Uniform values in 0 ..< 1.
    private func unit(_ extent: Extent) -> SymbolicTensor {
        let (shape, inputs) =
            switch extent {
            case .perImage(let shape): ([batch] + shape, context.randomInputs())
            case .perBatch(let shape): (shape, context.randomInputs(isShared: true))
            }
        let random = StrataGraph.RandomUniform(shape: shape, key: context.randomKey(seed: stream))
        return SymbolicTensor.applying(.randomUniform(random), inputs)[0]
    }

    /// Uniform values.
    func uniform(_ range: ClosedRange<Float>, _ extent: Extent = .each) -> SymbolicTensor {
        unit(extent) * (range.upperBound - range.lowerBound) + range.lowerBound
    }

    /// For each image 1 or 0: 1 with a probability that is itself drawn from a range.
    func chance(_ range: ClosedRange<Float>) -> SymbolicTensor {
        let probability = uniform(range)
        return unit(.each).less(than: probability)
    }

    /// 1 or −1 for each image.
    func sign() -> SymbolicTensor { 1 - unit(.each).greater(than: 0.5) * 2 }

    /// Standard normal values (Box and Muller, 1958).
    func normal(_ extent: Extent) -> SymbolicTensor {
        let radius = ((1 - unit(extent)).log() * -2).sqrt()
        return radius * (unit(extent) * (2 * Float.pi)).cos()
    }

    /// Logarithms of values from the gamma distribution of scale 1.
    ///
    /// Marsaglia and Tsang, 2000, for the shape α + 1, where an attempt fails in less than one of
    /// twenty cases; then U^(1/α) brings it to α. As logarithms, since for a small α most are next
    /// to 0.
    private func logGamma(_ alpha: SymbolicTensor, _ extent: Extent) -> SymbolicTensor {
        let d = alpha + Float(2.0 / 3.0)
        let c = (d * 9).sqrt().reciprocal()
        // The smallest uniform number above 0 has a finite logarithm.
        let least: Float = 0x1p-24
        var result = d
        for _ in 0..<6 {
            let x = normal(extent)
            let root = c * x + 1
            let v = root.square() * root
            let logV = v.maximum(1e-20).log()
            let bound = x.square() * 0.5 + d - d * v + d * logV
            let accepted =
                unit(extent).maximum(least).log().less(than: bound) * root.greater(than: 0)
            result = accepted.select(d * v, result)
        }
        return result.log() + unit(extent).maximum(least).log() / alpha
    }

    /// Values from the beta distribution with both parameters α, from two gamma-distributed values.
    func beta(_ alpha: SymbolicTensor, _ extent: Extent = .each) -> SymbolicTensor {
        (logGamma(alpha, extent) - logGamma(alpha, extent)).sigmoid()
    }

    /// Weights from the symmetric Dirichlet distribution over the last axis.
    func dirichlet(_ alpha: Float, count: Int) -> SymbolicTensor {
        logGamma(.constant(Tensor([alpha], shape: [1])), .perBatch([count])).softmax(axis: -1)
    }

    /// A random permutation of the images that are here, as a matrix of 0 and 1.
    func permutation() -> SymbolicTensor {
        let drawn = unit(.perBatch([batch]))
        let (own, others) = (drawn.reshaped([batch, 1]), drawn.reshaped([1, batch]))
        // An image's new index is the number of smaller values; equal values keep their order.
        var earlier = [Float](repeating: 0, count: batch * batch)
        for row in 0..<batch { for column in 0..<row { earlier[row * batch + column] = 1 } }
        let ties = others.equal(to: own) * .constant(Tensor(earlier, shape: [batch, batch]))
        let index = (others.less(than: own) + ties).sum(axes: [1])
        return index.cast(to: .int32).oneHot(batch)
    }

    /// Rows of a tensor in the order of a ``permutation()``.
    func permuted(_ tensor: SymbolicTensor, _ permutation: SymbolicTensor) -> SymbolicTensor {
        let rows = tensor.reshaped([batch, -1])
        return permutation.multiplied(by: rows).reshaped(tensor.shape)
    }
}
