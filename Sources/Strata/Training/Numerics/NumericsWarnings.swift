internal import StrataGraph

/// The warning of one `fit` that what it trains with is not finite any more.
///
/// A loss that is NaN or infinite may be meant or pass, so training goes on, as in Keras, but not
/// silently. A callback that ends training at that step has seen it, and there is no warning.
struct NumericsWarnings {
    private var hasWarned = false

    /// Looks at the loss after a step.
    mutating func look(at training: EpochRunner, epoch: Int, of model: Model) {
        guard !hasWarned, let loss = training.loss, !loss.isFinite, !model.stopRequest.isSet else {
            return
        }
        hasWarned = true
        let moment = NumericsError.moment(epoch: epoch + 1, step: training.count)
        let remark = training.badBatch ?? ""
        warn(Self.text("the loss is \(loss.nameOfSpecial)\(moment)\(remark)"))
    }

    /// Looks at the weights after an epoch: a ReLU may hide their values from the loss, and those of
    /// the last step are in no loss.
    mutating func look(atWeightsOf model: Model, epoch: Int) throws(VariableError) {
        guard !hasWarned, !model.stopRequest.isSet else { return }
        for variable in model.trainableWeights {
            guard let (index, value) = try variable.value.firstNotFinite else { continue }
            hasWarned = true
            let weight = WeightNames(model).sentence(variable)
            warn(
                Self.text(
                    "\(weight) is \(value.nameOfSpecial) at \(index) after epoch \(epoch + 1), "
                        + "although the loss is finite"))
            return
        }
    }

    private static func text(_ problem: String) -> String {
        "\(problem); \(NumericsError.usualFix); model.debugNumerics = true ends training at the "
            + "first such step and names the layer"
    }
}

extension StepData {
    /// `, whose x has values up to 255`, where data is far from what networks are made for, or empty.
    ///
    /// That the data itself is finite is checked before training.
    var remark: String {
        for (name, tensors) in [("x", data.inputs), ("y", data.targets)] {
            for (index, tensor) in tensors.enumerated() {
                let largest = largest(tensor)
                guard largest > 50 else { continue }
                let whole = tensors.count == 1 ? name : "\(name)[\(index)]"
                return ", whose \(whole) has values up to \(largest)"
            }
        }
        return ""
    }

    private func largest(_ tensor: Tensor) -> Float {
        let width = tensor.count / max(tensor.shape.first ?? 1, 1)
        let values = tensor.scalars
        return rows.reduce(0) { largest, row in
            values[row * width..<(row + 1) * width].reduce(largest) { max($0, abs($1)) }
        }
    }
}
