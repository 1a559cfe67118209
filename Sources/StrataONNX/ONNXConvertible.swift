internal import StrataGraph

/// An operation with counterparts in ONNX; a model with any other operation is not exported.
protocol ONNXConvertible {
    /// Writes the operators of a call.
    ///
    /// - Returns: the call's result.
    /// - Throws: if there are none with these parameters.
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue

    /// Whether attributes are lengths, which the conversion compares in all traces. Attributes of
    /// other operations must be equal.
    var takesLengths: Bool { get }
}

extension ONNXConvertible {
    var takesLengths: Bool { false }
}
