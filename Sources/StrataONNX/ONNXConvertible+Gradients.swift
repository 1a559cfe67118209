internal import StrataGraph

extension GradientOverride: ONNXConvertible {
    /// Each trace has a rule of its own, and none of them matters.
    var takesLengths: Bool { true }

    func onnxValue(of inputs: [ONNXValue], in onnx: inout ONNXTranslation) throws -> ONNXValue {
        inputs[0]
    }
}
