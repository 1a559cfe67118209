import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Convolutions of more channels than the reference interpreter has time for: `bfloat16`, whose kernels
/// are others on every processor, against `float32`.
@Suite struct WideConvolutionTests {
    struct Setting: Sendable, CustomStringConvertible {
        var channels: Int
        var filters: Int
        var size: Int
        var stride: Int
        var image: Int
        var batch: Int

        var description: String {
            "\(batch) × \(image) × \(image) × \(channels), \(size) × \(size) / \(stride) → \(filters)"
        }
    }

    private static let settings: [Setting] = {
        var generator = SplitMix(seed: 11)
        let drawn = (0..<40).map { _ in
            Setting(
                channels: generator.pick([16, 24, 32, 48, 64, 96, 160]),
                filters: generator.pick([16, 24, 32, 40, 64, 128]),
                size: generator.pick([1, 1, 3, 3, 5]), stride: generator.pick([1, 1, 2]),
                image: generator.pick([5, 8, 14, 19]), batch: generator.pick([1, 2, 9]))
        }
        // Rows of places that do not fill tiles, where oneDNN 2.6.3 adds wrong numbers with AMX.
        return drawn + [
            Setting(channels: 32, filters: 32, size: 1, stride: 1, image: 6, batch: 8)
        ]
    }()

    /// A residual step, or a convolution with its gradients.
    private static func outputs(_ setting: Setting, _ dtype: DType, isResidual: Bool)
        -> [SymbolicTensor]
    {
        let image = [setting.batch, setting.image, setting.image, setting.channels]
        let x = SymbolicTensor.input("x", Shape(image)).cast(to: dtype)
        let kernel = SymbolicTensor.input(
            "k", [setting.size, setting.size, setting.channels, setting.filters]
        ).cast(to: dtype)
        let bias = SymbolicTensor.input("b", [setting.filters]).cast(to: dtype)
        let convolved = { (x: SymbolicTensor) in
            x.convolved(
                with: kernel, bias: bias, strides: [setting.stride, setting.stride], padding: .same)
        }
        let places = (setting.image + setting.stride - 1) / setting.stride
        let other = SymbolicTensor.input(
            "o", [setting.batch, places, places, setting.filters])
        if isResidual {
            // What is added in its place, and what is still read afterwards.
            let (once, again) = (other.cast(to: dtype), other.tanh().cast(to: dtype))
            let sum = (convolved(x * 0.5) + again).relu()
            return [(convolved(x) + once).relu(), sum * again].map { $0.cast(to: .float32) }
        }
        // A rectifier's gradient would jump where rounding changes a sign.
        let smooth = convolved(x).tanh().cast(to: .float32)
        let loss = (smooth * other).sum()
        return [smooth]
            + loss.gradients(withRespectTo: [x, kernel, bias]).map { $0.cast(to: .float32) }
    }

    @Test(arguments: settings, [true, false])
    func `bfloat16 is float32 but for rounding`(setting: Setting, isResidual: Bool) throws {
        let results = try [DType.float32, .bfloat16].map { dtype in
            let executable = try Executable(
                Plan(
                    Graph(outputs: Self.outputs(setting, dtype, isResidual: isResidual))))
            for (index, input) in executable.plan.inputs.enumerated() {
                let count = input.endpoint.shape.reduce(1, *)
                var generator = SplitMix(seed: UInt64(input.name.utf8.first ?? 0))
                let values = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
                Tensor(values).cast(to: .bfloat16).cast(to: .float32).withUnsafeBytes {
                    executable.input(index).copyMemory(from: $0)
                }
            }
            try executable.run()
            return executable.results.map(\.scalars)
        }
        for (number, (exact, rounded)) in zip(results[0], results[1]).enumerated() {
            let scale = (exact.reduce(0) { $0 + $1 * $1 } / Float(exact.count)).squareRoot()
            let error = zip(exact, rounded).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            let relative = (error / Float(exact.count)).squareRoot() / max(scale, 1e-6)
            // bfloat16 has 8 bits: a rounding is at most 2⁻⁹ = 0.002. On the way to a gradient there are six (the
            // convolution, tanh, its square, the derivative, the gradient, the result): 0.012 if all went one way.
            #expect(relative < 0.012, "output \(number) is off by \(relative) of its size")
        }
    }
}
