import StrataTestSupport
import Testing

@testable import Strata

/// Channels first costs no more than bringing the image to channels last, and back.
@Suite struct ChannelsFirstTests {
    @Test func `between layers nothing is transposed`() throws {
        let image = SymbolicTensor.input("image", [2, 3, 8, 8])
        let context = CallContext(isTraining: true)
        var y = image
        for layer in [
            Conv2D(
                4, kernelSize: 3, padding: .same, dataFormat: .channelsFirst, activation: .relu),
            MaxPooling2D(dataFormat: .channelsFirst),
            Conv2DTranspose(
                2, kernelSize: 2, strides: 2, dataFormat: .channelsFirst, activation: .tanh),
        ] as [Layer] {
            y = layer.trace([y], context)[0]
        }
        let graph = try Graph(outputs: [y])
        let transposes = graph.nodes.filter { $0.operation.name == "transpose" }
        #expect(y.shape == [2, 2, 8, 8])
        #expect(transposes.count == 2)
    }
}
