import StrataGraph
import StrataONNX
import StrataTestSupport
import Testing

@testable import Strata

/// Files of networks that are no models, as the Keras backend has them.
@Suite struct ONNXNetworkTests {
    private func file(
        operatorSet: Int = ONNXFile.defaultOperatorSet,
        _ network: (SymbolicTensor) -> SymbolicTensor
    ) throws -> ONNXFile {
        let symbols = [5, 7].map { count in
            let input = SymbolicTensor.input("x#\(count)", [count, 3])
            return BatchTrace.Symbols(inputs: [input], outputs: [network(input)])
        }
        return try ONNXFile(
            BatchTrace(symbols[0], otherBatch: symbols[1]), name: "network", inputNames: ["x"],
            outputNames: ["x"], operatorSet: operatorSet, engine: computeEngine)
    }

    @Test func `names are the caller's, whatever the traces call their inputs`() throws {
        let file = try file { $0.relu() }
        #expect(file.inputs.map(\.name) == ["x"])
        #expect(file.outputs.map(\.name) == ["x_1"])
        #expect(file.nodes.map(\.inputs) == [["x"]])
        #expect(file.outputs[0].shape == [.batch(1), .fixed(3)])
    }

    @Test func `weights of one name stay apart`() throws {
        let kernels = (0..<2).map { number in
            Variable(
                "dense/kernel", kind: .trainable,
                value: Tensor(repeating: Float(number), shape: [3, 3]))
        }
        let file = try file { x in
            x.multiplied(by: .variable(kernels[0])).multiplied(by: .variable(kernels[1]))
        }
        #expect(file.initializers.map(\.name) == ["dense/kernel", "dense/kernel_1"])
    }

    @Test func `one number for each sample is repeated for as many as there are`() throws {
        let file = try file { x in
            .concatenated(
                [x, .constant(Tensor(repeating: 2, shape: [x.shape.known?[0] ?? 0, 1]))], axis: 1)
        }
        #expect(file.nodes.map(\.operatorName) == ["Shape", "Concat", "Expand", "Concat"])
        #expect(file.outputs[0].shape == [.batch(1), .fixed(4)])
    }

    @Test func `other numbers for other counts of samples have no form`() throws {
        let networks: [(SymbolicTensor) -> SymbolicTensor] = [
            { x in x * .constant(Tensor(1 / Float(x.shape.known?[0] ?? 1))) },
            { x in x.sliced(from: [(x.shape.known?[0] ?? 1) - 1, 0], sizes: [1, 3]) },
        ]
        for network in networks {
            let error = #expect(throws: ONNXError.self) { try file(network) }
            #expect(error?.fix == "give the inputs a fixed number of samples")
        }
    }

    @Test func `operator set 18 has axes as an input`() throws {
        let mean = { (x: SymbolicTensor) in x.mean(axes: [1]) }
        #expect(try file(mean).nodes[0].attributes.map(\.name) == ["axes", "keepdims"])
        let newer = try file(operatorSet: 18, mean)
        #expect(newer.nodes[0].attributes.map(\.name) == ["keepdims"])
        #expect(newer.nodes[0].inputs == ["x", "integers"])
        let error = #expect(throws: ONNXError.self) { try file(operatorSet: 14, mean) }
        #expect(error?.description == "operator set 14 was asked for\n  fix: use 15 to 18")
    }
}
