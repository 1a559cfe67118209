import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var config: JSONValue
        var order: [String]
        var steps: Int
        var state: [String]
        var excludedFromWeightDecay: [String]

        enum CodingKeys: String, CodingKey {
            case config
            case order
            case steps
            case state
            case excludedFromWeightDecay = "exclude_from_weight_decay"
        }
    }

    @Test(arguments: GoldenFolder.cases("optimizer"))
    func `an optimizer goes Keras's way and remembers the same`(golden: GoldenCase) throws {
        let description = try golden.decoded(as: Description.self)
        var optimizer = try OptimizerRegistry.optimizer(description.config, path: golden.name)
        optimizer.options.excludedFromWeightDecay = description.excludedFromWeightDecay
        let weights = try description.order.map {
            Variable($0, value: try golden.tensor("weight.\($0)"))
        }
        let state = OptimizerState(optimizer, weights: weights)
        let updates = state.updates(
            optimizer,
            weights: weights.map {
                ($0, .variable($0), .input("gradient.\($0.name)", Shape($0.shape)))
            })
        for step in 0..<description.steps {
            try state.learningRate.assign(Tensor(optimizer.learningRate.value(step: step)))
            let gradients = try description.order.map {
                ("gradient.\($0)", try golden.tensor("gradient.\(step).\($0)"))
            }
            _ = try evaluate(
                [], inputs: Dictionary(uniqueKeysWithValues: gradients), updates: updates)
            for weight in weights {
                try golden.check(weight.value, is: "weight_after.\(step).\(weight.name)")
            }
        }
        #expect(state.variables.map(\.name) == description.state)
        for (index, variable) in state.variables.enumerated() {
            try golden.check(variable.value, is: "state.\(index)")
        }
        try state.finalize()
        for weight in weights where golden.has("weight_final.\(weight.name)") {
            try golden.check(weight.value, is: "weight_final.\(weight.name)")
        }
        #expect(optimizer.serialized.json.canonicalText == description.config.canonicalText)
    }
}
