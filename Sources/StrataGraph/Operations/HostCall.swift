/// A function outside of graphs and engines, compared by identity.
package final class HostFunction: Sendable {
    /// Computes row-major outputs from row-major inputs; returns whether it succeeded.
    package typealias Body =
        @Sendable (UnsafePointer<UnsafeRawPointer?>, UnsafePointer<UnsafeMutableRawPointer?>) ->
        Bool

    /// The name in messages and plans.
    package let name: String
    package let inputs: [TensorType]
    package let outputs: [TensorType]
    package let body: Body
    package let gradient: GradientRule?
    /// The sum over the ranks that it starts or finishes, which decides when it runs.
    package let sum: RankSum?

    /// - Parameters:
    ///   - inputs: the types that it is called with; all dimensions are known.
    ///   - outputs: the types of its one or more results.
    ///   - gradient: without one, a gradient through a call is an error.
    package init(
        _ name: String, inputs: [TensorType], outputs: [TensorType],
        gradient: GradientRule? = nil, sum: RankSum? = nil, body: @escaping Body
    ) {
        (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
        (self.body, self.gradient, self.sum) = (body, gradient, sum)
    }
}

extension HostFunction: Hashable {
    package static func == (left: HostFunction, right: HostFunction) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A gradient from outside of the graph, compared by identity.
package final class GradientRule: Sendable {
    /// The gradients with respect to the inputs of a call, `nil` for those without one.
    package typealias Body =
        @Sendable (OperationCall, [SymbolicTensor?]) throws(GraphError) -> [SymbolicTensor?]

    /// The name in messages and plans.
    package let name: String
    private let body: Body

    package init(_ name: String, body: @escaping Body) {
        (self.name, self.body) = (name, body)
    }

    /// The gradients with respect to the inputs, of their types; where there is an error, each
    /// floating-point one carries it.
    fileprivate func gradients(_ call: OperationCall, _ arrived: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        do throws(GraphError) {
            let results = try body(call, arrived)
            guard results.count == call.inputs.count else {
                throw GraphError(
                    .invalidArgument(
                        "the gradient of \(name) gave \(results.count) results for "
                            + "\(call.inputs.count) inputs", fix: "give one for each input"))
            }
            var gradients: [SymbolicTensor?] = []
            for (input, result) in zip(call.inputs, results) {
                gradients.append(try checked(result, for: input))
            }
            return gradients
        } catch {
            return call.failures(error)
        }
    }

    private func checked(
        _ gradient: SymbolicTensor?, for input: SymbolicTensor
    ) throws(GraphError) -> SymbolicTensor? {
        guard let gradient, input.dtype.isFloatingPoint else { return nil }
        guard gradient.error == nil, gradient.shape == input.shape else {
            throw gradient.error
                ?? GraphError(
                    .invalidArgument(
                        "the gradient of \(name) has shape \(gradient.shape) for an input of "
                            + "\(input.shape)", fix: "give it the input's shape"))
        }
        return gradient.cast(to: input.dtype)
    }
}

extension GradientRule: Hashable {
    package static func == (left: GradientRule, right: GradientRule) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A call of a host function, a step of the plan in every run.
///
/// It cannot be made by name and attributes.
package struct HostCall: OperationDefinition {
    package var name: String { "host \(function.name)" }
    package static let prototypes: [HostCall] = []
    package var inputCounts: ClosedRange<Int> { function.inputs.count...function.inputs.count }
    package var outputCount: Int { function.outputs.count }
    package var function: HostFunction

    package init(_ function: HostFunction) {
        self.function = function
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        for (input, expected) in zip(inputs, function.inputs) {
            try input.require(expected.dtype, of: "inputs of \(function.name)")
            try input.require(expected.shape)
        }
        return function.outputs
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        if let rule = function.gradient { return rule.gradients(call, gradients) }
        return call.failures(GraphError(.noGradient("the host function \(function.name)")))
    }
}

/// The first input, with a gradient that a rule gives; it costs nothing in a plan.
///
/// The other inputs are there for the rule. It cannot be made by name and attributes.
package struct GradientOverride: OperationDefinition {
    package var name: String { "gradientOverride" }
    package static let prototypes: [GradientOverride] = []
    package var inputCounts: ClosedRange<Int> { 1...Int.max }
    package var rule: GradientRule

    package init(_ rule: GradientRule) {
        self.rule = rule
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        [inputs[0]]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        rule.gradients(call, gradients)
    }
}

extension OperationCall {
    /// Gradients that carry an error.
    fileprivate func failures(_ error: GraphError) -> [SymbolicTensor?] {
        inputs.map { $0.dtype.isFloatingPoint ? SymbolicTensor(failure: error) : nil }
    }
}
