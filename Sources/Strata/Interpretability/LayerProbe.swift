internal import StrataGraph

/// A layer's output for one sample, and the gradient of a class score with respect to it.
struct LayerProbe {
    /// The layer's output, `[1, height, width, maps]`.
    let activation: Tensor
    /// The class score's gradient with respect to it, of the same shape.
    let gradient: Tensor

    /// - Parameters:
    ///   - model: a model with one input and one row of classes as its output.
    ///   - name: the layer's name.
    ///   - sample: the model's input, with a batch of 1.
    ///   - classIndex: the class of the score.
    init(_ model: Model, layer name: String, sample: Tensor, classIndex: Int) throws {
        guard let wiring = model.wiring else { throw ModelError(.unbuilt(model: model.name)) }
        let target = try model.call(of: name)
        let input = SymbolicTensor.input(
            "sample", Shape(sample.shape), dtype: wiring.inputs[0].dtype)
        var activation: SymbolicTensor?
        var held: SymbolicTensor?
        // An added 0 changes nothing, but it has a gradient for all uses of the layer's output.
        let outputs = wiring.replay([input], CallContext(isTraining: false)) { call, results in
            guard call === target, let result = results.first else { return results }
            let zero = SymbolicTensor.input("held", result.shape, dtype: result.dtype)
            activation = result
            held = zero
            return [result + zero] + results.dropFirst()
        }
        guard let activation, let held, let output = outputs.first, activation.error == nil else {
            throw outputs.compactMap(\.error).first ?? GraphError(.noGradient(name))
        }
        let score = Self.score(of: classIndex, in: output)
        let gradient = score.gradients(withRespectTo: [held])[0]
        let isFirst = target.layer.config["data_format"] == .string("channels_first")
        let wanted = [activation, gradient].map { tensor in
            (isFirst && tensor.rank == 4 ? tensor.transposed([0, 2, 3, 1]) : tensor)
                .cast(to: .float32)
        }
        let zeros = Tensor.zeros(held.shape.known ?? [], dtype: held.dtype)
        let results = try evaluate(wanted, inputs: ["sample": sample, "held": zeros])
        self.activation = results[0]
        self.gradient = results[1]
    }

    /// The logit of a class: a softmax mixes all classes, so it is removed.
    private static func score(of classIndex: Int, in output: SymbolicTensor) -> SymbolicTensor {
        var logits = output
        while let node = logits.node {
            if case .cast = node.operation {
                logits = node.inputs[0]
            } else if case .softmax = node.operation {
                logits = node.inputs[0]
                break
            } else if node.operation == .unary(.sigmoid) {
                logits = node.inputs[0]
                break
            } else {
                break
            }
        }
        guard logits.rank == 2, let width = logits.shape[1] else { return logits.sum() }
        // A single output is the second class's score; the first one's is its negation.
        if width == 1 { return classIndex == 0 ? -logits.sum() : logits.sum() }
        return logits.sliced(from: [0, classIndex], sizes: [1, 1]).sum()
    }
}
