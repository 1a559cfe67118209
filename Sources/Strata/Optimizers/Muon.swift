internal import Foundation

/// Muon: steps along the orthogonalized momentum; weights that are not matrices use ``AdamW``.
///
/// Jordan et al., 2024, "Muon"; Keras 3.15.1 `Muon`. Only matrices count, and no embeddings.
public struct Muon: Optimizer {
    public static let className = "Muon"
    public var learningRate: LearningRate
    public var adamBeta1: Float = 0.9
    public var adamBeta2: Float = 0.999
    /// The weight decay of the weights that use AdamW.
    public var adamWeightDecay: Float? = 0.004
    public var epsilon: Float = 1e-7
    /// Weights whose names match these regular expressions use AdamW.
    public var excludeLayers: [String] = []
    public var excludeEmbeddings = true
    /// The coefficients of the Newton–Schulz iteration.
    public var muonA: Float = 3.4445
    public var muonB: Float = -4.775
    public var muonC: Float = 2.0315
    /// The learning rate of AdamW relative to this optimizer's.
    public var adamLRRatio: Float = 1
    public var momentum: Float = 0.95
    /// The number of iterations.
    public var nsSteps = 5
    public var nesterov = true
    /// The root mean square of a step, relative to the learning rate; that of the iteration if left
    /// out.
    public var rmsRate: Float? = 0.2
    public var options: OptimizerOptions

    public init(
        learningRate: any LearningRateConvertible = 0.001, weightDecay: Double? = 0.004,
        options: OptimizerOptions = OptimizerOptions()
    ) {
        self.learningRate = learningRate.asLearningRate
        self.options = options
        self.options.weightDecay = weightDecay.map { Float($0) }
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        let isSet = { (key: String) in configuration.members[key] != nil }
        self.init()
        learningRate = try configuration.learningRate(default: learningRate)
        let decay = options.weightDecay
        options = try OptimizerOptions(configuration: configuration)
        if !isSet("weight_decay") { options.weightDecay = decay }
        adamBeta1 = try configuration.float("adam_beta_1", default: adamBeta1)
        adamBeta2 = try configuration.float("adam_beta_2", default: adamBeta2)
        if isSet("adam_weight_decay") {
            adamWeightDecay = try configuration.optionalFloat("adam_weight_decay")
        }
        epsilon = try configuration.float("epsilon", default: epsilon)
        if configuration.value("exclude_layers") != nil {
            excludeLayers = try configuration.strings("exclude_layers")
        }
        excludeEmbeddings = try configuration.bool("exclude_embeddings", default: excludeEmbeddings)
        muonA = try configuration.float("muon_a", default: muonA)
        muonB = try configuration.float("muon_b", default: muonB)
        muonC = try configuration.float("muon_c", default: muonC)
        adamLRRatio = try configuration.float("adam_lr_ratio", default: adamLRRatio)
        momentum = try configuration.float("momentum", default: momentum)
        nsSteps = try configuration.int("ns_steps", default: nsSteps)
        nesterov = try configuration.bool("nesterov", default: nesterov)
        if isSet("rms_rate") { rmsRate = try configuration.optionalFloat("rms_rate") }
    }

    public var ownConfig: [String: JSONValue] {
        [
            "adam_beta_1": JSONValue(adamBeta1), "adam_beta_2": JSONValue(adamBeta2),
            "adam_weight_decay": JSONValue(adamWeightDecay), "epsilon": JSONValue(epsilon),
            "exclude_layers": .array(excludeLayers.map(JSONValue.string)),
            "exclude_embeddings": .bool(excludeEmbeddings), "muon_a": JSONValue(muonA),
            "muon_b": JSONValue(muonB), "muon_c": JSONValue(muonC),
            "adam_lr_ratio": JSONValue(adamLRRatio), "momentum": JSONValue(momentum),
            "ns_steps": .integer(nsSteps), "nesterov": .bool(nesterov),
            "rms_rate": JSONValue(rmsRate),
        ]
    }

    private func takesAdam(name: String, shape: [Int]) -> Bool {
        shape.count != 2 || excludeEmbeddings && name.lowercased().contains("embedding")
            || excludeLayers.contains { name.range(of: $0, options: .regularExpression) != nil }
    }

    public func slots(name: String, shape: [Int]) -> [OptimizerSlot] {
        takesAdam(name: name, shape: shape)
            ? AdamRule.slots(amsgrad: false) : [OptimizerSlot("momentum")]
    }

    public func weightDecay(name: String, shape: [Int]) -> Float? {
        takesAdam(name: name, shape: shape) ? adamWeightDecay : options.weightDecay
    }

    public func updated(
        _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
        _ context: OptimizerContext
    ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
        if slots.count == 2 {
            return AdamRule(beta1: adamBeta1, beta2: adamBeta2, epsilon: epsilon).updated(
                weight, gradient: gradient, slots: slots, context.scaled(by: adamLRRatio))
        }
        let m = slots[0] + (gradient - slots[0] * momentum.complement)
        var step = orthogonalized(nesterov ? gradient + m * momentum : m)
        if let rmsRate {
            step = step * (Float(context.shape.max() ?? 1).squareRoot() * rmsRate)
        }
        return (weight - step * context.learningRate, [m])
    }

    /// The nearest matrix with orthonormal rows or columns, by the Newton–Schulz iteration.
    private func orthogonalized(_ matrix: SymbolicTensor) -> SymbolicTensor {
        guard let rows = matrix.shape[0], let columns = matrix.shape[-1] else { return matrix }
        var x = rows > columns ? matrix.transposed([1, 0]) : matrix
        x = x / (x.square().sum().sqrt() + 1e-7)
        for _ in 0..<nsSteps {
            let a = x.multiplied(by: x.transposed([1, 0]))
            let b = a * muonB + a.multiplied(by: a) * muonC
            x = x * muonA + b.multiplied(by: x)
        }
        return rows > columns ? x.transposed([1, 0]) : x
    }
}

extension OptimizerContext {
    /// The same with another learning rate.
    fileprivate func scaled(by factor: Float) -> OptimizerContext {
        OptimizerContext(
            learningRate: learningRate * factor, step: step, shared: shared, name: name,
            shape: shape)
    }
}

extension Optimizer where Self == Muon {
    /// Muon: steps along the orthogonalized momentum.
    public static var muon: Muon { Muon() }
}
