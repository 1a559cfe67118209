import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var config: JSONValue
        var roles: [String]
    }

    @Test(arguments: GoldenFolder.cases("loss"))
    func `a loss and its gradient are Keras's`(golden: GoldenCase) throws {
        let description = try golden.decoded(as: Description.self)
        let loss = try LossRegistry.loss(description.config, path: golden.name)
        let inputs = try golden.tensors(numbered: "input")
        let symbols = zip(description.roles, inputs).map { role, tensor in
            SymbolicTensor.input(role, Shape(tensor.shape), dtype: tensor.dtype)
        }
        let value = loss(
            symbols[0], symbols[1], sampleWeight: symbols.count > 2 ? symbols[2] : nil)
        let cotangent = try golden.tensor("cotangent.0")
        let gradients = (value * .constant(cotangent)).sum()
            .gradients(withRespectTo: [symbols[1]])
        let results = try evaluate(
            [value] + gradients,
            inputs: Dictionary(uniqueKeysWithValues: zip(description.roles, inputs)))
        try golden.check(results[0], is: "output.0")
        try golden.check(results[1], is: "grad_input.1")
        #expect(loss.serialized.json.canonicalText == description.config.canonicalText)
    }
}
