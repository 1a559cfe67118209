import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var config: JSONValue
        var roles: [String]
        var updates: Int
    }

    @Test(arguments: GoldenFolder.cases("metric"))
    func `a metric gathers as Keras's does`(golden: GoldenCase) throws {
        let description = try golden.decoded(as: Description.self)
        let metric = try MetricRegistry.metric(description.config, path: golden.name)
        let inputs = try golden.tensors(numbered: "input")
        let place = { (role: String) in description.roles.firstIndex(of: role) }
        // A metric of one stream of values takes them as predictions.
        let predictionPlace = try #require(place("y_pred") ?? place("values"))
        let targetPlace = place("y_true") ?? predictionPlace

        var state: [Tensor] = []
        for update in 0..<description.updates {
            let given = Array(inputs[(update * description.roles.count)...])
            let symbols = description.roles.indices.map {
                SymbolicTensor.input("\($0)", Shape(given[$0].shape), dtype: given[$0].dtype)
            }
            if update == 0 {
                state = metric.initialState(
                    targets: symbols[targetPlace].shape,
                    predictions: symbols[predictionPlace].shape)
            }
            let before = state.enumerated().map { index, value in
                SymbolicTensor.input("state.\(index)", Shape(value.shape), dtype: value.dtype)
            }
            let after = metric.updatedState(
                before, targets: symbols[targetPlace], predictions: symbols[predictionPlace],
                sampleWeight: place("sample_weight").map { symbols[$0] })
            #expect(after.map(\.shape) == before.map(\.shape))
            var fed = Dictionary(
                uniqueKeysWithValues: description.roles.indices.map { ("\($0)", given[$0]) })
            for (index, value) in state.enumerated() { fed["state.\(index)"] = value }
            let results = try evaluate(after + [metric.result(after)], inputs: fed)
            state = Array(results.dropLast())
            try golden.check(results[state.count], is: "output.\(update)")
        }
        #expect(metric.serialized.json.canonicalText == description.config.canonicalText)
    }
}
