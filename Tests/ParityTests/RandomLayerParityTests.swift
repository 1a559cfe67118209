import Foundation
import Strata
import StrataTestSupport
import Testing

extension Golden {
    /// What random layers do while training, against the facts that Keras's fixtures give.
    @Suite struct RandomLayers {
        private struct Description: Decodable {
            var config: JSONValue
            var inputShapes: [[Int]]
            var statistics: Statistics?

            enum CodingKeys: String, CodingKey {
                case config
                case statistics
                case inputShapes = "input_shapes"
            }
        }

        private struct Statistics: Decodable {
            var noise: String
            var keepFraction: Float?
            var scale: Float?
            var maskShape: [Int]?
            var droppedValue: Float?
            var a: Float?
            var b: Float?
            var mean: Float?
            var stddev: Float?
        }

        private static func description(_ golden: GoldenCase) -> Description? {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            guard let statistics = try? decoder.decode(Whole.self, from: golden.text).statistics
            else { return nil }
            var description = try? golden.decoded(as: Description.self)
            description?.statistics = statistics
            return description
        }

        private struct Whole: Decodable {
            var statistics: Statistics
        }

        private static let covered = GoldenFolder.cases("layer").filter { golden in
            description(golden) != nil
                && LayerRegistry.types.contains { $0.className == golden.className }
        }

        /// A large batch of numbers away from 0, what the layer makes of it in one step, and the
        /// gradient of the result's sum.
        private struct Sample {
            static let batch = 2000
            let x: Tensor
            let y: Tensor
            let gradient: Tensor

            init(_ description: Description, seed: UInt64, step: Int32 = 0) throws {
                let shape = [Sample.batch] + description.inputShapes[0].dropFirst()
                var generator = RandomGenerator(seed: 9)
                x = Tensor(
                    (0..<shape.reduce(1, *)).map { _ in 0.5 + generator.uniform() }, shape: shape)
                let layer = try SeedStream.$own.withValue(SeedStream(seed: seed)) {
                    try LayerRegistry.layer(
                        SerializedObject(description.config, path: "config"), path: "config")
                }
                let counter = Variable("step", kind: .seed, value: Tensor([step], shape: []))
                let context = CallContext(isTraining: true, step: counter)
                let input = SymbolicTensor.input("x", Shape(shape))
                let output = layer.trace([input], context)[0]
                let results = try evaluate(
                    [output] + output.sum().gradients(withRespectTo: [input]), inputs: ["x": x])
                (y, gradient) = (results[0], results[1])
            }
        }

        @Test(arguments: covered)
        func `noise has Keras's distribution, and the gradient sees the same noise`(
            golden: GoldenCase
        ) throws {
            let description = try #require(Self.description(golden))
            let facts = try #require(description.statistics)
            let sample = try Sample(description, seed: 3)
            let (x, y, g) = (sample.x.scalars, sample.y.scalars, sample.gradient.scalars)
            // One product of numbers up to about 4, rounded to 2.4e-7, times a scale that is written with seven digits;
            // of alpha dropout a sum, whose dropped value stands for what is never drawn within 1e-4 of it; of the
            // multiplicative noise a quotient by numbers down to 0.001.
            switch facts.noise {
            case "dropout":
                let scale = try #require(facts.scale)
                let isKept = y.map { $0 != 0 }
                #expect(zip(y, x).allSatisfy { $0 == 0 || abs($0 - $1 * scale) < 1e-5 })
                #expect(zip(g, isKept).allSatisfy { abs($0 - ($1 ? scale : 0)) < 1e-5 })
                try checkMask(isKept, sample.x.shape, facts)
            case "alpha dropout":
                let (a, b) = (try #require(facts.a), try #require(facts.b))
                let dropped = a * (try #require(facts.droppedValue)) + b
                let isKept = y.map { abs($0 - dropped) > 1e-4 }
                for ((y, x), (g, isKept)) in zip(zip(y, x), zip(g, isKept)) {
                    #expect(abs(y - (isKept ? a * x + b : dropped)) < 1e-4)
                    #expect(abs(g - (isKept ? a : 0)) < 1e-5)
                }
                try checkMask(isKept, sample.x.shape, facts)
            case "multiplicative normal":
                try checkNormal(zip(y, x).map { $0 / $1 }, facts)
                #expect(zip(zip(y, x), g).allSatisfy { abs($0.0 / $0.1 - $1) < 1e-4 })
            case "additive normal":
                try checkNormal(zip(y, x).map { $0 - $1 }, facts)
                #expect(g.allSatisfy { $0 == 1 })
            default: Issue.record("noise \(facts.noise) is not known")
            }
        }

        /// Holds a mask to its share and to what it repeats along.
        private func checkMask(_ isKept: [Bool], _ shape: [Int], _ facts: Statistics) throws {
            let fraction = try #require(facts.keepFraction)
            let mask = [shape[0]] + (facts.maskShape ?? shape).dropFirst()
            let count = Float(mask.reduce(1, *))
            let kept = Float(isKept.filter { $0 }.count) / Float(isKept.count)
            // Four standard deviations of the mean of as many draws.
            #expect(abs(kept - fraction) < 4 * (fraction * (1 - fraction) / count).squareRoot())
            var own: [Int: Bool] = [:]
            for (place, value) in isKept.enumerated() {
                var (rest, draw, stride) = (place, 0, 1)
                for axis in shape.indices.reversed() {
                    if mask[axis] > 1 {
                        draw += rest % shape[axis] * stride
                        stride *= shape[axis]
                    }
                    rest /= shape[axis]
                }
                #expect(own[draw] ?? value == value, "element \(place) is not that of its mask")
                own[draw] = value
            }
        }

        private func checkNormal(_ noise: [Float], _ facts: Statistics) throws {
            let (mean, stddev) = (try #require(facts.mean), try #require(facts.stddev))
            let count = Float(noise.count)
            let own = noise.reduce(0, +) / count
            let variance = noise.reduce(0) { $0 + ($1 - own) * ($1 - own) } / count
            // Four standard deviations of the mean, and of the deviation, of as many draws; sums in
            // float32 lose less than that.
            #expect(abs(own - mean) < 4 * stddev / count.squareRoot())
            #expect(abs(variance.squareRoot() - stddev) < 4 * stddev / (2 * count).squareRoot())
            // Of a normal distribution 68.27 % are within one deviation, 95.45 % within two.
            for (width, share) in [(Float(1), Float(0.6827)), (2, 0.9545)] {
                let inside = noise.filter { abs($0 - mean) < width * stddev }.count
                let bound = 4 * (share * (1 - share) / count).squareRoot()
                #expect(abs(Float(inside) / count - share) < bound)
            }
        }

        @Test(arguments: covered)
        func `another step or seed draws others, the same ones the same`(golden: GoldenCase) throws
        {
            let description = try #require(Self.description(golden))
            let first = try Sample(description, seed: 3).y
            #expect(try Sample(description, seed: 3).y == first)
            #expect(try Sample(description, seed: 3, step: 1).y != first)
            #expect(try Sample(description, seed: 4).y != first)
        }
    }
}
