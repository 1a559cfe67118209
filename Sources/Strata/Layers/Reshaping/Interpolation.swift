internal import Foundation

/// What stands between the pixels of an image that is enlarged.
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// Straight lines between pixels.
    case bilinear
    /// Keys's cubic with a = −0.5 (IEEE Trans. ASSP 29(6), 1981).
    case bicubic
    /// A sinc windowed over three pixels to each side.
    case lanczos3
    /// A sinc windowed over five pixels to each side.
    case lanczos5

    /// The weight of a pixel at a distance.
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
        // As near as this to the middle the quotient below is 1 to within float32.
        if x <= 1e-3 { return 1 }
        return radius * sin(.pi * x) * sin(.pi * x / radius) / (.pi * .pi * x * x)
    }

    /// How much each of `length` pixels counts for each of `newLength`, `[length, newLength]`.
    ///
    /// Pixels are areas: the middle of new pixel i lies at (i + ½) · length / newLength − ½. Weights
    /// of pixels beyond the edges are shared out among the others, as `jax.image.resize` does.
    func weights(from length: Int, to newLength: Int) -> Tensor {
        var values = [Float](repeating: 0, count: length * newLength)
        let scale = Double(length) / Double(newLength)
        for place in 0..<newLength {
            let middle = (Double(place) + 0.5) * scale - 0.5
            let column = (0..<length).map { weight(middle - Double($0)) }
            let sum = column.reduce(0, +)
            for pixel in 0..<length {
                values[pixel * newLength + place] = Float(column[pixel] / sum)
            }
        }
        return Tensor(values, shape: [length, newLength])
    }
}
