internal import Foundation

/// The interpolation method of resizing.
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// Bilinear interpolation.
    case bilinear
    /// Keys's cubic with a = −0.5 (IEEE Trans. ASSP 29(6), 1981).
    case bicubic
    /// A sinc windowed over three pixels to each side.
    case lanczos3
    /// A sinc windowed over five pixels to each side.
    case lanczos5

    /// The radius of the filter.
    private var radius: Int {
        switch self {
        case .nearest, .bilinear: 1
        case .bicubic: 2
        case .lanczos3: 3
        case .lanczos5: 5
        }
    }

    /// The filter's weight at a distance.
    private func weight(_ distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .nearest: return x <= 0.5 ? 1 : 0
        case .bilinear: return max(0, 1 - x)
        case .bicubic:
            if x >= 2 { return 0 }
            return x >= 1
                ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1
        case .lanczos3: return Self.lanczos(x, radius: 3)
        case .lanczos5: return Self.lanczos(x, radius: 5)
        }
    }

    private static func lanczos(_ x: Double, radius: Double) -> Double {
        if x > radius { return 0 }
        // This close to the centre the quotient below is 1 in float32.
        if x <= 1e-3 { return 1 }
        return radius * sin(.pi * x) * sin(.pi * x / radius) / (.pi * .pi * x * x)
    }

    /// The input pixels of each of `newLength` output pixels: `count` from `first` on, with their
    /// weights, as in ``weights(from:to:isSmooth:)``.
    func taps(
        from length: Int, to newLength: Int
    ) -> (count: Int, first: [Int32], weights: [Float]) {
        if length == newLength {
            // Each pixel itself: all filters interpolate.
            return (1, (0..<length).map { Int32($0) }, Array(repeating: 1, count: length))
        }
        let scale = Double(length) / Double(newLength)
        if self == .nearest {
            let positions = (0..<newLength).map { position in
                let middle = (Float(position) + 0.5) * Float(length) / Float(newLength)
                return Int32(min(Int(middle), length - 1))
            }
            return (1, positions, Array(repeating: 1, count: newLength))
        }
        let count = min(2 * radius, length)
        var first: [Int32] = []
        var weights: [Float] = []
        for position in 0..<newLength {
            let middle = (Double(position) + 0.5) * scale - 0.5
            let start = min(max(Int(middle.rounded(.down)) - radius + 1, 0), length - count)
            let own = (start..<start + count).map { weight(middle - Double($0)) }
            let sum = own.reduce(0, +)
            first.append(Int32(start))
            weights += own.map { Float($0 / sum) }
        }
        return (count, first, weights)
    }

    /// The weight of each of `length` input pixels in each of `newLength` output pixels,
    /// `[length, newLength]`.
    ///
    /// With half-pixel centres, the centre of output pixel i is at (i + ½) · length / newLength −
    /// ½. Weights of pixels beyond the edges are shared out among the others, as `jax.image.resize`
    /// does.
    ///
    /// - Parameter isSmooth: whether downsampling averages all covered pixels.
    func weights(from length: Int, to newLength: Int, isSmooth: Bool) -> Tensor {
        var values = [Float](repeating: 0, count: length * newLength)
        let scale = Double(length) / Double(newLength)
        let width = isSmooth ? max(scale, 1) : 1
        for position in 0..<newLength {
            if self == .nearest {
                // In float32, as in JAX, so that midpoints between pixels round to the same side.
                let middle = (Float(position) + 0.5) * Float(length) / Float(newLength)
                values[min(Int(middle), length - 1) * newLength + position] = 1
                continue
            }
            let middle = (Double(position) + 0.5) * scale - 0.5
            let column = (0..<length).map { weight((middle - Double($0)) / width) }
            let sum = column.reduce(0, +)
            for pixel in 0..<length {
                values[pixel * newLength + position] = Float(column[pixel] / sum)
            }
        }
        return Tensor(values, shape: [length, newLength])
    }
}
