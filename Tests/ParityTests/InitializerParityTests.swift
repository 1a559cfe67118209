import Foundation
import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var config: JSONValue
        var distribution: Distribution?

        struct Distribution: Decodable {
            var kind: String
            var mean: Double?
            var std: Double?
            var low: Double?
            var high: Double?
            var gain: Float?
            var matrixShape: [Int]?

            enum CodingKeys: String, CodingKey {
                case kind
                case mean
                case std
                case low
                case high
                case gain
                case matrixShape = "matrix_shape"
            }
        }
    }

    @Test(arguments: GoldenFolder.cases("initializer"))
    func `an initializer draws what Keras draws`(golden: GoldenCase) throws {
        let description = try golden.decoded(as: Description.self)
        let initializer = try InitializerRegistry.initializer(
            description.config, path: golden.name)
        let shape = try golden.tensor("input.0").integers
        var generator = RandomGenerator(seed: 20)
        let values = initializer.values(shape: shape, generator: &generator)

        guard let distribution = description.distribution else {
            try golden.check(values, is: "output.0")
            return
        }
        #expect(values.shape == shape)
        if distribution.kind == "orthogonal" {
            expectOrthonormal(
                values, shape: distribution.matrixShape ?? [], gain: distribution.gain ?? 1)
        } else {
            expect(values.scalars.map(Double.init), follow: distribution)
        }
        #expect(initializer.serialized.json.canonicalText == description.config.canonicalText)
    }

    /// Mean and deviation of n numbers lie within five standard errors of the distribution's.
    private func expect(_ values: [Double], follow expected: Description.Distribution) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let (wantedMean, wantedDeviation) = (expected.mean ?? 0, expected.std ?? 0)
        #expect(abs(mean - wantedMean) < 5 * wantedDeviation / count.squareRoot())
        // No distribution here has more than a normal one's kurtosis, whose deviation's standard
        // error is σ/√(2n).
        #expect(
            abs(variance.squareRoot() - wantedDeviation)
                < 5 * wantedDeviation / (2 * count).squareRoot())
        let slack = wantedDeviation * 1e-6
        if let low = expected.low { #expect(values.allSatisfy { $0 >= low - slack }) }
        if let high = expected.high { #expect(values.allSatisfy { $0 <= high + slack }) }
        // How many lie within one deviation tells the kinds apart: (Φ(a) − Φ(−a)) / (Φ(c) − Φ(−c))
        // for a normal one cut at c, whose deviation is a.
        let shares = ["uniform": 0.577350, "normal": 0.682689, "truncated_normal": 0.650537]
        let wanted = shares[expected.kind] ?? 0
        let share = values.filter { abs($0 - wantedMean) <= wantedDeviation }.count
        let error = (wanted * (1 - wanted) / count).squareRoot()
        #expect(abs(Double(share) / count - wanted) < 5 * error)
    }

    private func expectOrthonormal(_ values: Tensor, shape: [Int], gain: Float) {
        let (rows, columns) = (shape[0], shape[1])
        let numbers = values.scalars
        let isTall = rows >= columns
        for a in 0..<min(rows, columns) {
            for b in 0..<min(rows, columns) {
                let product = (0..<max(rows, columns)).reduce(Float(0)) { sum, place in
                    isTall
                        ? sum + numbers[place * columns + a] * numbers[place * columns + b]
                        : sum + numbers[a * columns + place] * numbers[b * columns + place]
                }
                // A sum of 36 products, 2.25 at most for the gain of 1.5: 36 · 2⁻²⁴ · 2.25 = 5e-6, and the columns
                // are themselves orthogonal to as much.
                #expect(abs(product - (a == b ? gain * gain : 0)) < 1e-5)
            }
        }
    }
}
