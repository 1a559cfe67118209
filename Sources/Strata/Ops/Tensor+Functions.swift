import Foundation

/// Elementwise functions with the names of those of ``SymbolicTensor``; integers give `float32`.
extension Tensor {
    /// eˣ.
    public func exp() -> Tensor { applying(Foundation.exp) }
    /// The natural logarithm: -∞ for 0, NaN for negative values.
    public func log() -> Tensor { applying(Foundation.log) }
    /// log(1 + x), exact near 0.
    public func log1p() -> Tensor { applying(Foundation.log1p) }
    /// The hyperbolic tangent.
    public func tanh() -> Tensor { applying(Foundation.tanh) }
    /// Each element raised to the power of another, with NumPy's broadcasting.
    ///
    /// - Precondition: the shapes broadcast; the message has both.
    public func power(_ exponent: Tensor) -> Tensor { computed(with: exponent, Foundation.pow) }
    /// Each element raised to a power.
    public func power(_ exponent: some TensorScalar) -> Tensor { power(operand(exponent)) }
}

/// eˣ of each element.
public func exp(_ x: Tensor) -> Tensor { x.exp() }
/// The natural logarithm of each element.
public func log(_ x: Tensor) -> Tensor { x.log() }
/// The square root of each element.
public func sqrt(_ x: Tensor) -> Tensor { x.sqrt() }
/// The absolute value of each element.
public func abs(_ x: Tensor) -> Tensor { x.absolute() }
/// Each element raised to the power of another, with NumPy's broadcasting.
///
/// - Precondition: the shapes broadcast.
public func pow(_ x: Tensor, _ exponent: Tensor) -> Tensor { x.power(exponent) }
/// Each element raised to a power.
public func pow(_ x: Tensor, _ exponent: some TensorScalar) -> Tensor { x.power(exponent) }

extension Tensor {
    /// Uniform random values between two bounds, as `float32`.
    ///
    /// - Parameter seed: the random seed; if left out, values differ in each call and follow from
    ///   ``setRandomSeed(_:)``.
    /// - Precondition: no dimension is negative, and memory holds the elements.
    public static func randomUniform(
        _ shape: [Int], low: Double = 0, high: Double = 1, seed: Int? = nil
    ) -> Tensor {
        random(shape, seed) { Float(low + (high - low) * Double($0.uniform())) }
    }

    /// Normally distributed random values, as `float32`.
    ///
    /// - Parameter seed: as in ``randomUniform(_:low:high:seed:)``.
    /// - Precondition: no dimension is negative, and memory holds the elements.
    public static func randomNormal(
        _ shape: [Int], mean: Double = 0, stddev: Double = 1, seed: Int? = nil
    ) -> Tensor {
        random(shape, seed) { Float(mean + stddev * Double($0.normal())) }
    }

    private static func random(
        _ shape: [Int], _ seed: Int?, _ draw: (inout RandomGenerator) -> Float
    ) -> Tensor {
        var generator = RandomGenerator(seed: seed == nil ? RandomGenerator.nextSeed() : 0)
        return generator.tensor(shape, seed: seed, draw)
    }
}
