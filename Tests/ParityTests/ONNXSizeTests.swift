import Foundation
import Strata
import StrataTestSupport
import Testing

/// Files with open heights and widths, run by ONNX Runtime on images of several sizes.
@Suite(
    .enabled(
        if: KerasPython.hasONNXRuntime,
        "there is no Python with ONNX Runtime; scripts/keras-venv makes one"))
struct ONNXSizeTests {
    private struct Network: Sendable {
        let name: String
        /// The shapes of a few batches.
        let batches: [[Int]]
        let make: @Sendable () throws -> Model
    }

    private static let networks = [
        Network(name: "strided", batches: [[2, 33, 20, 3], [1, 16, 47, 3]]) {
            // Margins of steps above 1 differ for even and odd lengths.
            try Sequential {
                Input(shape: [nil, nil, 3])
                Conv2D(4, kernelSize: 3, strides: 2, padding: .same, activation: .relu)
                DepthwiseConv2D(5, strides: 2, padding: .same)
                MaxPooling2D(3, strides: 2, padding: .same)
                BatchNormalization()
                GlobalAveragePooling2D()
                Dense(5, activation: .softmax)
            }
        },
        Network(name: "there_and_back", batches: [[1, 16, 24, 2], [2, 8, 32, 2]]) {
            let image = Input(shape: [nil, nil, 2])
            let x = Conv2D(3, kernelSize: 3, padding: .same, activation: .relu)(image)
            let small = AveragePooling2D(2)(x)
            let a = UpSampling2D(2)(small)
            let b = Conv2DTranspose(3, kernelSize: 3, strides: 2, padding: .same)(small)
            let joined = Concatenate()([x, a, b])
            return try Model(
                inputs: image, outputs: Conv2D(1, kernelSize: 1, activation: .sigmoid)(joined))
        },
        Network(name: "cut", batches: [[2, 9, 12, 1], [2, 12, 9, 1]]) {
            let image = Input(shape: [nil, nil, 1])
            let x = Cropping2D([[1, 2], [0, 1]])(ZeroPadding2D([[2, 0], [1, 3]])(image))
            return try Model(
                inputs: image, outputs: Conv2D(2, kernelSize: 3, padding: .full, dilationRate: 2)(x)
            )
        },
        Network(name: "signal", batches: [[2, 17, 3], [1, 40, 3]]) {
            try Sequential {
                Input(shape: [nil, 3])
                Conv1D(4, kernelSize: 3, padding: .causal, dilationRate: 2)
                GlobalMaxPooling1D()
                Dense(2)
            }
        },
        Network(name: "mobilenet", batches: [[1, 64, 96, 3], [1, 75, 50, 3]]) {
            try Applications.mobileNetV3Small(inputShape: [nil, nil, 3], classes: 10)
        },
    ]

    @Test func `images of any size come out as here`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strata-onnx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var expected: [String: Tensor] = [:]
        for network in Self.networks {
            let model = try network.make()
            for (index, shape) in network.batches.enumerated() {
                let path = folder.appending(path: "\(network.name)_\(index)").path
                var generator = RandomGenerator(seed: UInt64(index))
                let x = Tensor(
                    (0..<shape.reduce(1, *)).map { _ in generator.uniform() }, shape: shape)
                try model.export("\(path).onnx")
                try Safetensors(["x.0": x]).write(to: "\(path).safetensors")
                expected[path] = try model.predictOnBatch(x)
            }
        }
        try KerasPython.run("onnx/run.py", [folder.path])
        for (path, tensor) in expected {
            if let problem = try? String(contentsOfFile: "\(path).error.txt", encoding: .utf8) {
                Issue.record("\(path): \(problem)")
                continue
            }
            let got = try #require(
                try Safetensors(contentsOf: "\(path).result.safetensors").tensors["output.0"])
            #expect(got.shape == tensor.shape, "\(path)")
            // Sums of some thousand float32 products in another order, 1000 · 2⁻²⁴ = 6e-5 at the worst.
            let worst = zip(got.scalars, tensor.scalars).map { abs($0 - $1) / max(1, abs($1)) }
                .max()
            #expect(worst ?? 1 <= 1e-4, "\(path)")
        }
    }
}
