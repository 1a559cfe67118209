#if Server
/// A request for predictions, whatever the protocol.
package struct InferenceRequest: Sendable {
    /// Echoed in the answer.
    package var id: String?
    /// Of the request as a whole, such as `timeout`, in microseconds.
    package var parameters: [String: InferenceParameter]
    /// In any order.
    package var inputs: [InferenceTensor]
    /// What to answer; all of the model's outputs if it is empty.
    package var outputs: [RequestedOutput]

    package init(
        id: String? = nil, parameters: [String: InferenceParameter] = [:],
        inputs: [InferenceTensor], outputs: [RequestedOutput] = []
    ) {
        self.id = id
        self.parameters = parameters
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// An output that a request names.
package struct RequestedOutput: Sendable {
    package var name: String
    /// `classification`: the number of classes to answer as texts `value:index:label`.
    package var parameters: [String: InferenceParameter]

    package init(name: String, parameters: [String: InferenceParameter] = [:]) {
        self.name = name
        self.parameters = parameters
    }
}

/// The value of a parameter of a request, a tensor or an answer.
package enum InferenceParameter: Sendable, Hashable {
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
}

/// The answer to an ``InferenceRequest``.
package struct InferenceResponse: Sendable {
    package let modelName: String
    package let modelVersion: String
    package let id: String?
    /// In the order of the request's outputs; that of the model's if it named none.
    package let outputs: [InferenceTensor]
}
#endif
