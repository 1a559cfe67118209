#if Server
import Strata

/// The optimizers that are offered.
enum TrainingOptimizer: String, CaseIterable, Sendable {
    case adam
    case adamw
    case sgd
    case rmsprop

    func optimizer(learningRate: Float) -> any Optimizer {
        switch self {
        case .adam: Adam(learningRate: learningRate)
        case .adamw: AdamW(learningRate: learningRate)
        case .sgd: SGD(learningRate: learningRate, momentum: 0.9)
        case .rmsprop: RMSprop(learningRate: learningRate)
        }
    }

    func swift(learningRate: Float) -> String {
        switch self {
        case .adam, .adamw, .rmsprop: "\(className)(learningRate: \(learningRate))"
        case .sgd: "SGD(learningRate: \(learningRate), momentum: 0.9)"
        }
    }

    func python(learningRate: Float) -> String {
        switch self {
        case .adam, .adamw, .rmsprop:
            "keras.optimizers.\(className)(learning_rate=\(learningRate))"
        case .sgd: "keras.optimizers.SGD(learning_rate=\(learningRate), momentum=0.9)"
        }
    }

    private var className: String {
        switch self {
        case .adam: "Adam"
        case .adamw: "AdamW"
        case .sgd: "SGD"
        case .rmsprop: "RMSprop"
        }
    }
}
#endif
