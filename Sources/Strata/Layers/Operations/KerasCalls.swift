internal import StrataGraph

/// The sequence of Keras's operations that computes a node of a graph.
///
/// The first takes the node's first inputs; each further one takes the previous result and
/// remaining inputs.
struct KerasCalls {
    /// One operation of Keras, or a layer without weights where Keras has no operation that it can read.
    struct Call {
        var module: String
        var className: String
        var config: [String: JSONValue] = [:]
        /// The number of the node's inputs that it takes.
        var inputCount: Int
        /// Whether it takes its tensors as a list.
        var takesList = false
        /// Arguments after the tensors.
        var more: [JSONValue] = []
        var keywords: [String: JSONValue] = [:]
    }

    var calls: [Call]

    /// The number of operations from one of the node's inputs to its result, including the first
    /// one.
    func distance(toInput number: Int) -> Int {
        var end = 0
        for (index, call) in calls.enumerated() {
            end += call.inputCount
            if number < end { return calls.count - index }
        }
        return 1
    }
}

/// An operation with counterparts in Keras; operations that do not conform are not written to
/// files.
///
/// `KerasOperations` goes the other way, from Keras's operations in a file to those of a graph.
protocol KerasConvertible {
    /// - Returns: `nil` if Keras has no operation with these parameters.
    func kerasCalls(for node: Node) -> KerasCalls?
}

extension Node {
    /// The node's operations in a file; `nil` if Keras has none for it.
    var kerasCalls: KerasCalls? {
        (operation.definition as? any KerasConvertible)?.kerasCalls(for: self)
    }
}

extension KerasCalls {
    init(_ calls: Call...) { self.calls = calls }

    /// - Parameter className: Keras's class name, such as `Log1p` for `log1p`.
    private static func call(
        _ module: String, _ className: String, _ inputCount: Int, _ config: [String: JSONValue]
    ) -> KerasCalls {
        KerasCalls(
            Call(
                module: "keras.src.ops.\(module)",
                className: className.prefix(1).uppercased() + className.dropFirst(),
                config: config, inputCount: inputCount))
    }

    static func numpy(
        _ className: String, _ inputCount: Int = 1, _ config: [String: JSONValue] = [:]
    ) -> KerasCalls {
        call("numpy", className, inputCount, config)
    }

    static func nn(
        _ className: String, _ inputCount: Int = 1, _ config: [String: JSONValue] = [:]
    ) -> KerasCalls {
        call("nn", className, inputCount, config)
    }

    static func math(_ className: String) -> KerasCalls { call("math", className, 1, [:]) }

    static func core(_ className: String, _ config: [String: JSONValue] = [:]) -> KerasCalls {
        call("core", className, 1, config)
    }

    static func cast(to dtype: DType) -> KerasCalls {
        core("Cast", ["dtype": .string(dtype.rawValue)])
    }

    /// This operation, followed by another one.
    func followed(by other: KerasCalls) -> KerasCalls { KerasCalls(calls: calls + other.calls) }

    /// This operation, followed by the sum with further inputs.
    func adding(_ count: Int) -> KerasCalls {
        count > 0 ? followed(by: .numpy("Add", count)) : self
    }
}
