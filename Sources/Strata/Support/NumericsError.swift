/// A step with a value that is NaN or infinite, and the operation in which it first arose.
///
/// A model with ``Model/debugNumerics`` throws it. The weights and the optimizer are those of before
/// the step.
public struct NumericsError: Error, Sendable, Hashable {
    /// A part of a training step.
    public enum Pass: Sendable, Hashable, CaseIterable {
        /// From the inputs to the predictions.
        case forward
        /// From the predictions to the loss.
        case loss
        /// The gradients, from the loss back to the weights.
        case backward
        /// From the gradients to the new values of weights and statistics.
        case update
    }

    /// The operation in which the value arose from finite ones, or the weight that had it before.
    public struct Origin: Sendable, Hashable {
        /// The part of the step; `nil` for a value that the step began with.
        public let pass: Pass?
        /// The layer, after those that it is in: `encoder/conv2d`; `nil` outside of layers.
        public let layer: String?
        /// The weight or statistic that has or gets the value; `nil` for other values.
        public let weight: String?
        /// The operation, such as `log`.
        public let operation: String
        /// The first such element.
        public let index: [Int]
        public let value: Float
        /// What the operation had there: `0`, or a range where each element comes from many.
        let operands: String
    }

    /// What was found not to be finite: `the loss`, or a weight after the step.
    public let quantity: String
    public let value: Float
    /// `nil` if each operation gives finite values when computed on its own.
    public let origin: Origin?
    /// The epoch of training, counted from 1.
    public internal(set) var epoch: Int?
    /// The step of the epoch, counted from 1.
    public internal(set) var step: Int?

    init(quantity: String, value: Float, origin: Origin?) {
        self.quantity = quantity
        self.value = value
        self.origin = origin
    }
}

extension NumericsError: CustomStringConvertible {
    /// Three lines: what was found, where it first arose, and a fix.
    public var description: String {
        let moment = NumericsError.moment(epoch: epoch, step: step)
        let place =
            origin?.sentence ?? "each operation gives finite values when it is computed on its own"
        return "\(quantity) is \(value.nameOfSpecial)\(moment)\n  \(place)\n  fix: \(fix)"
    }

    /// ` in epoch 2, step 17`, as far as it is known.
    static func moment(epoch: Int?, step: Int?) -> String {
        let parts = [epoch.map { "epoch \($0)" }, step.map { "step \($0)" }].compactMap(\.self)
        return parts.isEmpty ? "" : " in " + parts.joined(separator: ", ")
    }

    /// `kernel of layer dense`, as far as it is known.
    static func holder(weight: String?, layer: String?) -> String {
        [weight, layer.map { "layer \($0)" }].compactMap(\.self).joined(separator: " of ")
    }

    private var fix: String {
        guard let origin else { return NumericsError.usualFix }
        guard origin.pass != nil else {
            return origin.weight == nil
                ? "look for the division or logarithm that this constant comes from"
                : "load weights that are finite, such as those of an earlier checkpoint"
        }
        switch origin.operation {
        case "log", "log1p":
            return "keep its argument above 0: add a small number such as 1e-7, or let the loss "
                + "take logits with fromLogits"
        case "divide", "reciprocal", "sqrt", "power":
            return "keep it away from 0: add a small number such as 1e-7 first"
        case "exp", "expm1":
            return "bound its argument; a loss with fromLogits needs no exponential"
        default: return NumericsError.usualFix
        }
    }

    static let usualFix =
        "use a smaller learning rate, clip gradients with the optimizer's clipnorm, or scale the "
        + "data to about -1 to 1"
}

extension NumericsError.Origin {
    /// Where the value arose, and how.
    var sentence: String {
        let owner = layer.map { "layer \($0)" }
        let holder = NumericsError.holder(weight: weight, layer: layer)
        guard let pass else {
            return
                "\(weight == nil ? "a constant" : holder) is \(value.nameOfSpecial) at \(index) before the step"
        }
        let place =
            switch pass {
            case .forward: owner ?? "an operation between layers"
            case .loss: "the loss"
            case .backward: "the gradient of \(owner ?? "the loss")"
            case .update: "the update of \(holder)"
            }
        return
            "first in \(place): \(operation) of \(operands) is \(value.nameOfSpecial) at \(index)"
    }
}

extension Float {
    /// `NaN`, `infinity` or `-infinity`; other numbers as they are.
    var nameOfSpecial: String {
        isNaN ? "NaN" : isInfinite ? (self < 0 ? "-infinity" : "infinity") : "\(self)"
    }
}
