// A layer, a loss, a metric, an optimizer and a callback of one's own: trained, saved and loaded.
//
//     swift run --package-path Examples own-parts

import Strata

/// Multiplies every channel by a number that is learned.
final class Scale: Layer, SerializableLayer {
    let firstValue: Float

    init(firstValue: Float = 1, name: String? = nil) {
        self.firstValue = firstValue
        super.init(name: name)
    }

    convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            firstValue: try configuration.float("first_value", default: 1),
            name: try configuration.layerName())
    }

    override var config: [String: JSONValue] { ["first_value": JSONValue(firstValue)] }

    override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard let channels = inputShapes[0][-1] else {
            throw .unknownDimension(inputShapes[0], needed: "the number of channels")
        }
        addWeight("scale", shape: [channels], initializer: .constant(firstValue))
    }

    override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        x * context.value(of: "scale", of: self)
    }
}

/// The square of the error, where an error to one side counts more than one to the other.
struct LopsidedError: Loss {
    static let className = "LopsidedError"
    var name = "lopsided_error"
    var reduction = LossReduction.sumOverBatchSize
    let weightAbove: Float

    init(weightAbove: Float) { self.weightAbove = weightAbove }

    init(configuration: Configuration) throws(ConfigurationError) {
        weightAbove = try configuration.float("weight_above")
    }

    var config: [String: JSONValue] {
        [
            "name": .string(name), "reduction": .string(reduction.rawValue),
            "weight_above": JSONValue(weightAbove),
        ]
    }

    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        let error = predictions - targets
        let above = error.maximum(0)
        return (error.square() + above.square() * (weightAbove - 1)).mean(axes: [-1])
    }
}

/// The largest error so far.
struct LargestError: Metric {
    static let className = "LargestError"
    var name = "largest_error"
    var config: [String: JSONValue] { ["name": .string(name)] }
    let prefersLarger: Bool? = false

    init() {}
    init(configuration: Configuration) throws(ConfigurationError) {}

    func initialState(targets: Shape, predictions: Shape) -> [Tensor] { [Tensor(0)] }

    func updatedState(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        [state[0].maximum((predictions - targets).absolute().max())]
    }

    func result(_ state: [SymbolicTensor]) -> SymbolicTensor { state[0] }
}

/// Steps of one length against the direction in which the gradient has pointed lately.
struct SignDescent: Optimizer {
    static let className = "SignDescent"
    var learningRate: LearningRate
    var options = OptimizerOptions()
    var ownConfig: [String: JSONValue] { [:] }

    init(learningRate: LearningRate) { self.learningRate = learningRate }

    init(configuration: Configuration) throws(ConfigurationError) {
        learningRate = .constant(try configuration.float("learning_rate"))
    }

    func slots(name: String, shape: [Int]) -> [OptimizerSlot] { [OptimizerSlot("direction")] }

    func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        let direction = slots[0] * 0.9 + gradient * 0.1
        return (weight - direction.sign() * context.learningRate, [direction])
    }
}

/// Ends training once the loss is small enough.
final class StopBelow: Callback {
    let loss: Float

    init(_ loss: Float) { self.loss = loss }

    override func onEpochEnd(_ epoch: Int, logs: Logs) {
        if logs["loss"] ?? .infinity < loss { model?.stopRequest.set() }
    }
}

// Files with these can be loaded from now on; in Python they would be "Example>Scale" and so on.
registerLayer(Scale.self, package: "Example")
registerLoss(LopsidedError.self, package: "Example")
registerMetric(LargestError.self, package: "Example")
registerOptimizer(SignDescent.self, package: "Example")

let model = try Sequential {
    Input(shape: [2])
    Scale(firstValue: 0.5)
    Dense(1)
}
try model.compile(
    optimizer: SignDescent(learningRate: 0.01), loss: LopsidedError(weightAbove: 3),
    metrics: [LargestError()])
let x = Tensor((0..<200).map { Float($0 % 20) / 10 - 1 }, shape: [100, 2])
let targets = (0..<100).map { (row: Int) -> Float in
    let (first, second) = (x.scalars[2 * row], x.scalars[2 * row + 1])
    return first - 2 * second
}
let y = Tensor(targets, shape: [100, 1])
try model.fit(
    x, y, epochs: 200, verbose: .silent,
    callbacks: [
        StopBelow(1e-3), EarlyStopping(monitor: "largest_error", patience: 50),
    ])
print(try model.evaluate(x, y, verbose: .silent))

try model.save(to: "own-parts.keras")
let again = try Model.load(from: "own-parts.keras")
print(try again.evaluate(x, y, verbose: .silent))
