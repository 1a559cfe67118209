import Foundation
import Strata
import Testing

/// What `strata predict` says, for models whose answers can be worked out by hand.
@Suite struct PredictTests {
    /// Tells dark pictures (class 0) from bright ones (class 1) by their mean m of 0 … 255: the scores
    /// are 0 and m / 32 − 4.
    private func brightness(_ inputShape: Shape, activation: ActivationFunction) throws -> Model {
        let input = Input(shape: inputShape)
        let dense = Dense(2, activation: activation)
        let model = try Model(inputs: input, outputs: dense(GlobalAveragePooling2D()(input)))
        let channels = inputShape[-1] ?? 1
        let column = Float(1) / 32 / Float(channels)
        try model.setWeights([
            Tensor((0..<channels).flatMap { _ in [0, column] }, shape: [channels, 2]),
            Tensor([0, -4]),
        ])
        return model
    }

    private func write(_ image: Tensor, _ name: String, _ workplace: Workplace) throws {
        try Data(ImageEncoder.png(image)).write(to: URL(fileURLWithPath: workplace.path(name)))
    }

    private func grey(_ value: UInt8, _ shape: [Int]) -> Tensor {
        Tensor([UInt8](repeating: value, count: shape.reduce(1, *)), shape: shape)
    }

    @Test(arguments: [[nil, nil, 1], [8, 8, 1], [nil, 6, 3], [5, 4, 4]] as [Shape])
    func `pictures are brought to the size and the channels of the model`(shape: Shape) throws {
        let workplace = try Workplace()
        try brightness(shape, activation: .softmax).save(to: workplace.path("m.keras"))
        try write(grey(0, [12, 7, 3]), "dark.png", workplace)
        // Opaque, so that the alpha channel of a model with four is as bright as the rest.
        try write(grey(255, [3, 3]), "bright.png", workplace)
        let outcome = try workplace.strata("predict", "m.keras", "dark.png", "bright.png", "--json")
        #expect(outcome.errors == "")
        let lines = try outcome.output.split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        try #require(lines.count == 2)
        #expect(lines[0]["picture"] == "dark.png")
        // Alpha is 255 where it is new: of four channels that are 0, 0, 0, 255 the mean is 63.75.
        let dark = shape[-1] == 4 ? 63.75 / 32 - 4 : -4.0
        let expected = [1 / (1 + exp(dark)), 1 / (1 + exp(-dark))]
        for (line, probabilities) in zip(
            lines, [expected, [1 / (1 + exp(255 / 32 - 4)), 1 / (1 + exp(4 - 255 / 32))]])
        {
            guard case .array(let found)? = line["probabilities"] else {
                Issue.record("no probabilities")
                continue
            }
            #expect(found.count == 2)
            for (one, other) in zip(found, probabilities) {
                guard case .number(let one) = one else { continue }
                // Probabilities up to 1 in float32, from a sum up to 8, where one unit is 5e-7, a quarter of which at
                // most is left by the sigmoid.
                #expect(abs(one - other) < 1e-6)
            }
        }
        #expect(lines[0]["class"] == 0)
        #expect(lines[1]["class"] == 1)
        #expect(lines[0]["name"] == nil)
    }

    @Test func `scores without a softmax are turned into probabilities`() throws {
        let workplace = try Workplace()
        try brightness([nil, nil, 1], activation: .linear).save(to: workplace.path("m.keras"))
        try write(grey(128, [4, 4]), "even.png", workplace)
        let outcome = try workplace.strata(
            "predict", "m.keras", "even.png", "--classes", "dark,bright")
        #expect(outcome.output == "even.png: dark 50.0 %, bright 50.0 %\n")
    }

    @Test func `test pictures of a data set come with their names and the right class`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let network = try Sequential {
            Input(shape: [28, 28, 1])
            Flatten()
            Dense(10, activation: .softmax)
        }
        try network.setWeights([
            .zeros([784, 10]), Tensor((0..<10).map { $0 == 3 ? log(11) : 0 }),
        ])
        try network.save(to: workplace.path("three.keras"))
        // e^ln 11 = 11 among nine times 1: 0.55, the others 0.05.
        let outcome = try workplace.strata("predict", "three.keras", "mnist:3", "MNIST:14")
        #expect(
            outcome.output == """
                mnist:3: 3 55.0 %, 0 5.0 %, 1 5.0 % (right)
                MNIST:14: 3 55.0 %, 0 5.0 %, 1 5.0 % (true class: 4)

                """)
        let drawn = try workplace.strata("predict", "three.keras", "mnist:3", "mnist:1", "--show")
        let lines = drawn.output.split(separator: "\n").map(String.init)
        // Fourteen lines of 28 pixels that two share, then the captions; two pictures in 80 columns.
        let bars = String(repeating: "@@ ", count: 3) + String(repeating: " ", count: 30)
        let one = "@@ " + String(repeating: " ", count: 36)
        #expect(lines.prefix(14).allSatisfy { $0 == bars + "  " + one })
        #expect(lines.count == 17)
        #expect(lines[14].split(separator: " ") == ["3", "3"])
        #expect(lines[15].split(separator: " ") == ["55.0", "%", "right", "55.0", "%"])
        #expect(lines[16].split(separator: " ") == ["true:", "1"])
    }
}
