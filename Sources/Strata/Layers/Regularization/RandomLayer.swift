internal import StrataGraph

/// Base class of layers that add random noise while training.
///
/// The values depend on the seed, the step and the element's index in the whole batch only. So a run
/// with the same seed gives the same bits for any number of threads, and a gradient needs no stored
/// mask.
public class RandomLayer: Layer, SeededLayer {
    /// The random seed; from ``setRandomSeed(_:)`` if left out.
    public let seed: Int?
    var stream: UInt64

    init(seed: Int?, name: String?) {
        self.seed = seed
        stream = seed.map { UInt64(bitPattern: Int64($0)) } ?? RandomGenerator.nextSeed()
        super.init(name: name, isTrainable: true)
    }

    /// - Throws: if a rate is not a fraction.
    static func check(_ name: String, _ value: Float) throws(GraphError.Problem) {
        guard (0...1).contains(value) else {
            throw .invalidArgument("\(name) is \(value)", fix: "use a fraction from 0 to 1")
        }
    }

    /// The input with random elements set to 0, and the others scaled by 1 / (1 − rate).
    ///
    /// - Parameters:
    ///   - mask: a shape that broadcasts to the input's; a dimension of 1 shares the mask.
    ///   - sharesMask: whether all samples have one mask.
    final func dropped(
        _ x: SymbolicTensor, rate: Float, mask: Shape?, sharesMask: Bool = false,
        _ context: CallContext
    ) -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        if rate == 1 { return x * 0 }
        let operation = StrataGraph.Dropout(rate: rate, key: context.randomKey(seed: stream))
        let drawn = { (values: SymbolicTensor) in
            SymbolicTensor.applying(
                .dropout(operation),
                [values] + context.randomInputs(isShared: sharesMask))[0]
        }
        guard let mask else { return drawn(x) }
        return (x * drawn(SymbolicTensor.constant(1).broadcast(to: mask))).cast(to: x.dtype)
    }

    /// Uniform values in 0 ..< 1.
    ///
    /// - Parameter isShared: whether all samples have the same values.
    final func uniform(_ shape: Shape, isShared: Bool = false, _ context: CallContext)
        -> SymbolicTensor
    {
        guard let sizes = shape.known else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(shape, needed: "every dimension")))
        }
        let key = context.randomKey(seed: stream)
        return SymbolicTensor.applying(
            .randomUniform(StrataGraph.RandomUniform(shape: sizes, key: key)),
            context.randomInputs(isShared: isShared))[0]
    }

    /// Standard normal values (Box and Muller, 1958).
    final func normal(_ shape: Shape, mean: Float, stddev: Float, _ context: CallContext)
        -> SymbolicTensor
    {
        let radius = ((1 - uniform(shape, context)).log() * -2).sqrt()
        return radius * (uniform(shape, context) * (2 * .pi)).cos() * stddev + mean
    }
}

extension Shape {
    /// The shape of a mask, with the input's dimensions for those left open.
    func filled(from input: Shape) -> Shape {
        Shape(zip(dimensions, input.dimensions).map { $0 ?? $1 })
    }
}

extension Configuration {
    /// The shape of a mask, as Keras's `noise_shape`.
    func noiseShape() throws(ConfigurationError) -> Shape? {
        guard value("noise_shape") != nil else { return nil }
        var dimensions: [Int?] = []
        for item in try array("noise_shape") {
            guard item == .null || item.integer.map({ $0 > 0 }) == true else {
                throw failure("noise_shape", "should hold positive integers or null")
            }
            dimensions.append(item.integer)
        }
        return Shape(dimensions)
    }
}
