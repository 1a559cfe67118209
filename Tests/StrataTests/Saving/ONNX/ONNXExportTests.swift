import StrataGraph
import StrataONNX
import StrataTestSupport
import Testing

@testable import Strata

/// What is written into ONNX files; the parity tests run them.
@Suite struct ONNXExportTests {
    private func operators(_ model: Model) throws -> [String] {
        try model.onnxFile().nodes.map(\.operatorName)
    }

    @Test func `images are transposed at the beginning and the end only`() throws {
        let input = Input(shape: [12, 12, 3])
        let x = Conv2D(4, kernelSize: 3, padding: .same, activation: .relu)(input)
        let y = BatchNormalization()(MaxPooling2D(2)(x))
        let sum = Add()([y, Conv2D(4, kernelSize: 1)(y)])
        let model = try Model(inputs: input, outputs: ZeroPadding2D(1)(sum))
        #expect(
            try operators(model) == [
                "Transpose", "Conv", "Relu", "MaxPool", "BatchNormalization", "Conv", "Add", "Pad",
                "Transpose",
            ])
    }

    @Test func `a classifier behind a global pool transposes nothing more`() throws {
        let model = try Sequential {
            Input(shape: [8, 8, 2])
            Conv2D(4, kernelSize: 3)
            GlobalAveragePooling2D()
            Dense(3, activation: .softmax)
        }
        #expect(
            try operators(model) == [
                "Transpose", "Conv", "ReduceMean", "Flatten", "Gemm", "Softmax",
            ])
    }

    @Test func `weights have their layers' names, and are there once`() throws {
        let model = try Sequential {
            Input(shape: [6, 6, 2])
            Conv2D(4, kernelSize: 3, name: "first")
            Flatten()
            Dense(3, name: "last")
        }
        let file = try model.onnxFile()
        let names = file.initializers.map(\.name).filter { $0.contains("/") }
        #expect(names == ["first/kernel", "first/bias", "last/kernel", "last/bias"])
    }

    @Test func `names of inputs and outputs are the layers', the batch is open`() throws {
        let a = Input(shape: [4], name: "left")
        let b = Input(shape: [4], batchSize: nil, name: "right")
        let layer = Dense(2, name: "shared")
        let model = try Model(inputs: [a, b], outputs: [layer(a), layer(b), a])
        let file = try model.onnxFile()
        #expect(file.inputs.map(\.name) == ["left", "right"])
        #expect(file.outputs.map(\.name) == ["shared", "shared_1", "left_1"])
        #expect(file.outputs[0].shape == [.batch(1), .fixed(2)])
    }

    @Test func `a fixed number of samples stays fixed`() throws {
        let input = Input(shape: [4], batchSize: 3, name: "three")
        let model = try Model(inputs: input, outputs: Dense(2)(input))
        #expect(try model.onnxFile().inputs[0].shape == [.fixed(3), .fixed(4)])
    }

    @Test func `an open size stays open, or is given`() throws {
        let input = Input(shape: [nil, nil, 1], name: "image")
        let model = try Model(inputs: input, outputs: Conv2D(1, kernelSize: 3)(input))
        let open = try model.onnxFile()
        #expect(open.inputs[0].shape == [.batch(1), .open, .open, .fixed(1)])
        #expect(open.outputs[0].shape == [.batch(1), .open, .open, .fixed(1)])
        let error = #expect(throws: ModelError.self) {
            try model.onnxFile(inputShapes: [[nil, 5, 6, 3]])
        }
        #expect(
            error?.description == """
                the input image takes [?, ?, ?, 1], not [?, 5, 6, 3]
                  fix: keep the lengths that the model fixes, and give those that it leaves open
                """)
        let file = try model.onnxFile(inputShapes: [[nil, 5, 6, 1]])
        #expect(file.outputs[0].shape == [.batch(1), .fixed(3), .fixed(4), .fixed(1)])
    }

    @Test func `what depends on the size in a way that ONNX cannot say asks for the size`() throws {
        let input = Input(shape: [nil, nil, 1], name: "image")
        let model = try Model(inputs: input, outputs: AdaptiveAveragePooling2D(2)(input))
        let error = #expect(throws: ModelError.self) { try model.onnxFile() }
        #expect(
            error?.description.contains("depends on the size of the input as no ONNX file can say")
                == true)
        #expect(try model.onnxFile(inputShapes: [[nil, 6, 4, 1]]).outputs[0].shape[1] == .fixed(2))
    }

    @Test func `what draws random numbers has no form`() throws {
        final class Noise: Layer {
            override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
                .apply(
                    .randomUniform(StrataGraph.RandomUniform(shape: [1, 2], key: 7)),
                    context.stepNumber)
                    + x
            }
        }
        let input = Input(shape: [2])
        let model = try Model(inputs: input, outputs: Noise()(input))
        let error = #expect(throws: ModelError.self) { try model.onnxFile() }
        #expect(
            error?.description == """
                the operation randomUniform has no form in ONNX
                  fix: export a model without it, such as the layers before it
                """)
    }

    @Test func `the file's name says what it is`() throws {
        let input = Input(shape: [2])
        let model = try Model(inputs: input, outputs: Dense(1)(input))
        let error = #expect(throws: FileError.self) { try model.export(to: "model.pb") }
        #expect(error?.description.contains("the name should end in .onnx") == true)
    }
}
