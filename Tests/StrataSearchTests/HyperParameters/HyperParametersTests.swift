import Strata
import Testing

@testable import StrataSearch

/// Errors of a search space name the hyperparameter.
@Suite struct HyperParametersTests {
    @Test func valuesAreAskedForByName() throws {
        let hp = HyperParameters(values: [
            "filters": .int(32), "rate": .int(1), "kind": .string("b"),
        ])
        #expect(try hp.int("filters", minValue: 16, maxValue: 64, step: 16) == 32)
        #expect(try hp.float("rate", minValue: 0, maxValue: 1) == 1)
        #expect(try hp.choice("kind", ["a", "b"]) == "b")
        #expect(try hp.boolean("flag") == false)
        #expect(hp.space.map(\.name) == ["filters", "rate", "kind", "flag"])
    }

    @Test func upsideDown() {
        #expect {
            try HyperParameters().int("filters", minValue: 64, maxValue: 16)
        } throws: { error in
            "\(error)" == """
                hyperparameter filters: the range is upside down: from 64 to 16
                  fix: give the smaller bound first
                """
        }
    }
}
