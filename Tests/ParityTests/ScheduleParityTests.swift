import Strata
import StrataTestSupport
import Testing

extension Golden {
    private struct Description: Decodable {
        var config: JSONValue
    }

    @Test(arguments: GoldenFolder.cases("schedule"))
    func `a schedule gives Keras's rate at each step`(golden: GoldenCase) throws {
        let config = try golden.decoded(as: Description.self).config
        let schedule = try ScheduleRegistry.schedule(config, path: golden.name)
        let steps = try golden.tensor("input.0")
        let rates = steps.integers.map { schedule.learningRate(step: $0) }
        try golden.check(Tensor(rates, shape: steps.shape), is: "output.0")
        #expect(schedule.serialized.json.canonicalText == config.canonicalText)
    }
}
