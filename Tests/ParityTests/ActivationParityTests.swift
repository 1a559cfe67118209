import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var kwargs: [String: JSONValue]
    }

    @Test(arguments: GoldenFolder.cases("activation"))
    func `an activation and its gradient are Keras's`(golden: GoldenCase) throws {
        let input = try golden.tensor("input.0")
        let cotangent = try golden.tensor("cotangent.0")
        let x = SymbolicTensor.input("x", Shape(input.shape))
        let y = try activation(golden, x)
        let product = (y * .constant(cotangent)).sum()
        let results = try evaluate(
            [y] + product.gradients(withRespectTo: [x]), inputs: ["x": input])
        try golden.check(results[0], is: "output.0")
        try golden.check(results[1], is: "grad_input.0")
    }

    private func activation(_ golden: GoldenCase, _ x: SymbolicTensor) throws -> SymbolicTensor {
        let kwargs = Configuration(try golden.decoded(as: Description.self).kwargs)
        let axis = try kwargs.int("axis", default: -1)
        switch golden.className {
        case "celu": return x.celu(alpha: try kwargs.float("alpha", default: 1))
        case "elu": return x.elu(alpha: try kwargs.float("alpha", default: 1))
        case "gelu": return x.gelu(approximate: try kwargs.bool("approximate", default: false))
        case "glu": return x.glu(axis: axis)
        case "hard_shrink":
            return x.hardShrink(threshold: try kwargs.float("threshold", default: 0.5))
        case "leaky_relu":
            return x.leakyRelu(negativeSlope: try kwargs.float("negative_slope", default: 0.2))
        case "log_softmax": return x.logSoftmax(axis: axis)
        case "relu":
            return x.relu(
                negativeSlope: try kwargs.float("negative_slope", default: 0),
                maxValue: try kwargs.optionalFloat("max_value"),
                threshold: try kwargs.float("threshold", default: 0))
        case "soft_shrink":
            return x.softShrink(threshold: try kwargs.float("threshold", default: 0.5))
        case "softmax": return x.softmax(axis: axis)
        case "sparsemax": return x.sparsemax(axis: axis)
        case "squareplus": return x.squareplus(b: try kwargs.float("b", default: 4))
        case "threshold":
            return x.threshold(
                try kwargs.float("threshold"), defaultValue: try kwargs.float("default_value"))
        default:
            let function = try #require(ActivationFunction(named: golden.className))
            #expect(kwargs.members.isEmpty, "these arguments are not tested: \(kwargs.members)")
            return function(x)
        }
    }
}
