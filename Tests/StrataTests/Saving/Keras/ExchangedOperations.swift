@testable import Strata

extension ExchangedModel {
    /// Operations applied outside of layers, at least one of each kind that Keras has too.
    static let operationsOfAllKinds = ExchangedModel(
        name: "operations_of_all_kinds",
        make: {
            let image = Input(shape: [6, 8, 4], name: "image")
            let rows = Input(shape: [3, 4], name: "rows")
            let sizeless = Input(shape: [nil, nil, 2], name: "sizeless")
            let x = Conv2D(4, kernelSize: 1, name: "first")(image)
            // Two convolutions beside each other, behind nodes that are one and two operations in a file.
            let mask = x.greater(than: 0.1)
            let left = Conv2D(2, kernelSize: 1, name: "left")(mask * x)
            let right = Conv2D(2, kernelSize: 1, name: "right")(-x)
            let grid = SymbolicTensor.constant(Tensor([1, -2, 0.5, 3, 1, 1, 0, 2], shape: [4, 2]))
            let kernel = SymbolicTensor.constant(
                Tensor((0..<72).map { Float($0 % 5) / 4 - 0.5 }, shape: [3, 3, 4, 2]))
            let places = SymbolicTensor.constant(Tensor([2, 0, -1, 1] as [Int32]))
            let outputs: [SymbolicTensor] = [
                left, right,
                Ops.var(x, axis: [1, 2]), Ops.logsumexp(x, axis: -1),
                Ops.sum(x, axis: 1), Ops.prod(x, axis: 3), Ops.min(x, axis: [1, 3]),
                Ops.max(x, keepDimensions: true), Ops.argmax(x, axis: -1),
                Ops.reshape(x, [-1, 48, 4]), Ops.transpose(x, axes: [0, 3, 2, 1]),
                Ops.expandDims(rows, axis: 1), Ops.squeeze(Ops.expandDims(rows, axis: 1), axis: 1),
                Ops.max(sizeless, axis: [1, 2]) - 1,
                Ops.concatenate([x, x.square()], axis: -1), Ops.stack([rows, -rows], axis: 1),
                Ops.take(x, places, axis: 3), Ops.flip(x, axis: 1),
                Ops.pad(
                    x, [(0, 0), (1, 0), (0, 2), (0, 0)], constantValues: 0.25),
                Ops.slice(x, [0, 1, 2, 0], [-1, 3, -1, 2]),
                Ops.matmul(rows, grid), Ops.matmul(rows, Ops.transpose(rows, axes: [0, 2, 1])),
                Ops.einsum("bij,bkj->bik", rows, rows * 2),
                Ops.where(rows.greater(than: 0), rows, rows * 0.1),
                Ops.softmax(x), Ops.logSoftmax(x, axis: 1), Ops.normalize(x),
                Ops.oneHot(Ops.argmax(rows, axis: -1), numClasses: 5),
                Ops.cast(Ops.cast(rows, .int32), .float32),
                Ops.clip(x, -0.2, 0.3), Ops.gelu(x), Ops.round(x * 3), Ops.stopGradient(x),
                Ops.erf(x), Ops.sigmoid(x), Ops.ceil(x), x.glu(), x.elu(),
                x.convolved(with: kernel, strides: [2, 1], padding: .same),
                x.convolved(
                    with: kernel, bias: .constant(Tensor([1, -1])), dilations: [2, 2]),
                x.maxPooled([2, 3], strides: [1, 2], padding: .same),
                x.averagePooled([2, 2]),
                x * .constant(Tensor([1, 2, 3, 4])),
                Dense(2, name: "end")(Ops.mean(x, axis: [1, 2]) / 2),
            ]
            return try Model(
                inputs: [image, rows, sizeless], outputs: outputs, name: "all_kinds")
        }, inputs: [[2, 6, 8, 4], [2, 3, 4], [2, 3, 5, 2]])
}
