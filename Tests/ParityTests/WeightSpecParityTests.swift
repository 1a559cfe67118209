import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var family: String
        var config: JSONValue
    }

    @Test(arguments: GoldenFolder.cases("op"))
    func `a regularizer or constraint is Keras's`(golden: GoldenCase) throws {
        let description = try golden.decoded(as: Description.self)
        let input = try golden.tensor("input.0")
        let x = SymbolicTensor.input("x", Shape(input.shape))
        if description.family == "regularizer" {
            let rule = try RegularizerRegistry.regularizer(description.config, path: golden.name)
            let penalty = rule.penalty(x)
            let results = try evaluate(
                [penalty] + penalty.gradients(withRespectTo: [x]), inputs: ["x": input])
            try golden.check(results[0], is: "output.0")
            try golden.check(results[1], is: "grad_input.0")
            #expect(rule.serialized.json.canonicalText == description.config.canonicalText)
        } else {
            #expect(description.family == "constraint")
            let rule = try ConstraintRegistry.constraint(description.config, path: golden.name)
            let results = try evaluate([rule.constrained(x)], inputs: ["x": input])
            try golden.check(results[0], is: "output.0")
            #expect(rule.serialized.json.canonicalText == description.config.canonicalText)
        }
    }
}
