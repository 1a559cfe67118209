internal import StrataGraph

/// An operation of graphs that ONNX has operators for: a model with another one is not exported.
protocol ONNXConvertible {
    /// Writes the operators of a call.
    ///
    /// - Returns: the call's result.
    /// - Throws: where there are none with these parameters.
    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue
}
