import StrataTestSupport
import Testing

@testable import Strata

/// Builders of architectures, beside what Keras's make.
@Suite(.serialized) struct ApplicationTests {
    /// Without first values, which would be millions of random numbers that nobody reads.
    private func unfilled(_ make: () throws -> Model) rethrows -> Model {
        try DecodingLimits.$current.withValue(DecodingLimits(elementCount: 1 << 40)) { try make() }
    }

    @Test func `there are cases`() {
        #expect(Set(ApplicationCase.all.map(\.builder)).count == 21)
    }

    @Test(arguments: ApplicationCase.all)
    func `layers, names, shapes and counts are Keras's`(expected: ApplicationCase) throws {
        let model = try unfilled { try expected.model() }
        #expect(model.name == expected.name)
        #expect(model.countParams() == expected.parameters)
        let layers = model.layers.map { line($0, in: model) }
        #expect(layers.count == expected.layers.count)
        for (own, keras) in zip(layers, expected.layers) {
            #expect(comparable(own) == comparable(keras))
        }
    }

    /// A layer as the fixture has it.
    private func line(_ layer: Layer, in model: Model) -> String {
        let output = outputShapes(model)[layer.name] ?? []
        let variables = layer.weights.map { $0.shape.map(String.init).joined(separator: ",") }
        let shape = output.dimensions.dropFirst().map { $0.map(String.init) ?? "?" }
        return
            "\(type(of: layer).className) \(layer.name) \(shape.joined(separator: ",")) \(variables.joined(separator: ";"))"
    }

    private func outputShapes(_ model: Model) -> [String: Shape] {
        var shapes: [String: Shape] = [:]
        for step in model.wiring?.steps ?? [] {
            if case .call(let call) = step { shapes[call.layer.name] = call.outputs[0].shape }
        }
        for input in model.inputs {
            if let call = input.producer as? LayerCall { shapes[call.layer.name] = input.shape }
        }
        return shapes
    }

    /// Layers without a name of their own are counted in the whole program: the number says nothing.
    private func comparable(_ line: String) -> [String] {
        var parts = line.split(separator: " ").map(String.init)
        guard parts.count >= 2 else { return parts }
        let base = LayerNames.snakeCase(parts[0])
        let rest = parts[1].dropFirst(base.count + 1)
        if parts[1] == base || parts[1].hasPrefix("\(base)_") && Int(rest) != nil {
            parts[1] = "\(base)_n"
        }
        if parts[0] == "InputLayer" { parts[1] = "input" }
        return parts
    }

    @Test func `LeNet-5 has the parameters of the paper's table`() throws {
        // C1 6·26, C3 16·151, C5 120·401, F6 84·121, output 10·85.
        let model = try Applications.leNet5()
        #expect(model.countParams() == 156 + 2_416 + 48_120 + 10_164 + 850)
        #expect(model.outputShapes == [[nil, 10]])
    }

    @Test func `an image below the smallest size is refused`() {
        let error = #expect(throws: GraphError.self) {
            try Applications.vgg16(inputShape: [31, 64, 3])
        }
        #expect(
            error?.description == """
                images of [31, 64, 3] are too small
                  fix: use a height and a width of 32 or more
                """)
    }

    @Test func `a classifier needs images of a known size`() {
        let error = #expect(throws: GraphError.self) {
            try Applications.denseNet121(inputShape: [nil, nil, 3])
        }
        #expect(
            error?.description == """
                with a classifier, height and width of [?, ?, 3] must be known
                  fix: give this dimension in Input(shape:)
                """)
    }

    @Test func `weights that are not there are an error`() {
        #expect(throws: FileError.self) {
            try Applications.mobileNet(weights: "none.weights.h5", alpha: 0.25)
        }
    }
}
