internal import Foundation
import Synchronization

/// The compute type of a layer and the type of its weights.
///
/// Keras 3.15.1 `DTypePolicy`; the raw value is Keras's name.
public enum DTypePolicy: String, Sendable, Hashable, CaseIterable {
    /// Everything in `float32`.
    case float32
    /// Weights in `float32`, computation in `bfloat16`.
    case mixedBfloat16 = "mixed_bfloat16"

    /// The compute type.
    public var computeDType: DType {
        switch self {
        case .float32: .float32
        case .mixedBfloat16: .bfloat16
        }
    }

    /// The error of reading a Keras policy that is not supported, with a fix.
    fileprivate static func refusal(of name: String) -> String {
        let remake =
            "; in Keras, make the model again after keras.config.set_dtype_policy(\"NAME\"), give "
            + "it the weights with set_weights(model.get_weights()), and save it"
        func cure(_ wanted: DTypePolicy) -> String {
            remake.replacingOccurrences(of: "NAME", with: wanted.rawValue)
        }
        switch name {
        case "float16", "mixed_float16":
            return
                "policy \(name) computes in float16, which is not supported, where mixed_bfloat16 needs "
                + "no scaling of the loss" + cure(.mixedBfloat16)
        case "bfloat16":
            return "policy bfloat16 keeps weights in bfloat16, which is not supported, where "
                + "mixed_bfloat16 computes the same with weights in float32" + cure(.mixedBfloat16)
        case "float64":
            return "policy float64 computes in float64, which is not supported" + cure(.float32)
        default:
            let known = DTypePolicy.allCases.map(\.rawValue).joined(separator: ", ")
            return "policy \(name) is not one of \(known)" + cure(.float32)
        }
    }

    private static let global = Mutex(DTypePolicy.float32)

    /// The policy of new layers (`keras.config.set_dtype_policy`).
    public static var `default`: DTypePolicy {
        get { global.withLock { $0 } }
        set { global.withLock { $0 = newValue } }
    }

    /// The warning about this policy on a processor with or without `bfloat16` arithmetic.
    func warning(hasBfloat16: Bool) -> String? {
        switch self {
        case .float32: return nil
        case .mixedBfloat16 where hasBfloat16: return nil
        case .mixedBfloat16:
            return
                "this processor has no bfloat16 arithmetic; mixed_bfloat16 is computed in "
                + "float32 here, slower than on one that has it"
        }
    }

    private static let warnOnce: Void = {
        let text = DTypePolicy.mixedBfloat16.warning(hasBfloat16: computeEngine.computesBfloat16)
        if let text { warn(text) }
    }()

    /// Warns once in a process if the policy is slow on this processor.
    func warnIfSlow() {
        if self == .mixedBfloat16 { DTypePolicy.warnOnce }
    }

    /// As Keras writes it into a layer's configuration.
    var serialized: SerializedObject {
        SerializedObject(
            module: "keras", className: "DTypePolicy", config: ["name": .string(rawValue)])
    }
}

extension Configuration {
    /// A layer's policy, written as an object or as a name.
    func dtypePolicy() throws(ConfigurationError) -> DTypePolicy {
        let name: String
        switch value("dtype") {
        case nil: return .default
        case .string(let text): name = text
        case .object: name = try object("dtype").object("config").string("name")
        case .null, .bool, .integer, .number, .array:
            throw failure("dtype", "should be a policy's name")
        }
        guard let policy = DTypePolicy(rawValue: name) else {
            throw failure("dtype", DTypePolicy.refusal(of: name))
        }
        return policy
    }
}
