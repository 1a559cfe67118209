import Strata
import Testing

@testable import StrataSearch

/// A space of the user's own replaces hyperparameters by name.
@Suite struct SearchSpaceTests {
    private func ask(_ hp: HyperParameters) throws {
        _ = try hp.choice("kernel_size", [3, 5, 7])
        _ = try hp.int("filters", minValue: 16, maxValue: 64)
        _ = try hp.choice("growth", [1.0, 1.5])
        _ = try hp.boolean("flip")
        _ = try hp.fixed("note", "a")
        if try hp.choice("optimizer", ["adam", "adamw", "sgd"]) == "sgd" {
            _ = try hp.float("momentum", minValue: 0, maxValue: 0.99)
        }
        _ = try hp.conditionalScope("optimizer", ["adam", "adamw"]) {
            try hp.float("learning_rate", minValue: 1e-4, maxValue: 1e-2, sampling: .log)
        }
    }

    private func last(_ space: SearchSpace) -> HyperParameters {
        HyperParameters(space: space) { $0.domain.value(atQuantile: 1) }
    }

    @Test func replacesByName() throws {
        let space = try SearchSpace([
            "kernel_size": .choice([.int(9), .int(11)], isOrdered: true),
            "optimizer": .fixed(.string("adamw")), "filters": .fixed(.int(100)),
            "growth": .int(minValue: 1, maxValue: 3, step: 1, sampling: .linear),
            "learning_rate": .float(minValue: 0.5, maxValue: 0.75, step: nil, sampling: .linear),
            "flip": .fixed(.boolean(false)), "note": .fixed(.string("b")),
        ])
        let hp = last(space)
        try ask(hp)
        #expect(
            hp.values == [
                "kernel_size": .int(11), "optimizer": .string("adamw"), "filters": .int(100),
                "growth": .float(3), "learning_rate": .float(0.75), "flip": .boolean(false),
                "note": .string("b"),
            ])
        let listed = Dictionary(uniqueKeysWithValues: hp.space.map { ($0.name, $0.domain) })
        #expect(listed["kernel_size"] == .choice([.int(9), .int(11)], isOrdered: true))
        #expect(
            listed["growth"] == .float(minValue: 1, maxValue: 3, step: 1, sampling: .linear))
        // Asked for again, they have the same values.
        try ask(hp)
        #expect(hp.space.count == listed.count)
    }

    /// A scope for `sgd` is an empty one where only `adam` is left, and no error.
    @Test func scopesOfValuesThatAreLeftOut() throws {
        let hp = last(try SearchSpace(["optimizer": .fixed(.string("sgd"))]))
        try ask(hp)
        #expect(hp.space.map(\.name).contains("momentum"))
        #expect(!hp.space.map(\.name).contains("learning_rate"))
    }

    /// JSON does not tell 1.0 from 1.
    @Test func numbersTakeTheTypeThatIsAsked() throws {
        let space = try SearchSpace([
            "kernel_size": .choice([.float(3), .int(5)], isOrdered: true),
            "growth": .choice([.int(1), .float(1.5), .int(2)], isOrdered: true),
            "filters": .fixed(.float(32)), "momentum": .fixed(.int(1)),
        ])
        let hp = last(space)
        try ask(hp)
        #expect(hp.values["kernel_size"] == .int(5))
        #expect(hp.values["growth"] == .float(2))
        #expect(hp.values["filters"] == .int(32))
        #expect(hp.values["momentum"] == .float(1))
    }

    /// An order among strings is the builder's.
    @Test func orderedStrings() throws {
        let hp = last(
            try SearchSpace(["size": .choice([.string("l"), .string("s")], isOrdered: false)]))
        #expect(try hp.choice("size", ["s", "m", "l"], ordered: true) == "l")
        #expect(
            hp.space.first?.domain == .choice([.string("s"), .string("l")], isOrdered: true))
    }

    @Test(arguments: [
        (
            "filters", HyperParameter.Domain.fixed(.float(0.5)),
            """
            hyperparameter filters: the search space has 0.5, but the model needs 16 to 64
              fix: use integers
            """
        ),
        (
            "kernel_size", .choice([.int(3), .float(4.5)], isOrdered: true),
            """
            hyperparameter kernel_size: the search space has one of 3, 4.5, but the model needs \
            one of 3, 5, 7
              fix: use integers
            """
        ),
        (
            "optimizer", .fixed(.string("adagrad")),
            """
            hyperparameter optimizer: the search space has adagrad, but the model needs \
            one of adam, adamw, sgd
              fix: use these strings, or some of them
            """
        ),
        (
            "flip", .fixed(.int(1)),
            """
            hyperparameter flip: the search space has 1, but the model needs one of false, true
              fix: use true or false
            """
        ),
        (
            "momentum", .fixed(.boolean(true)),
            """
            hyperparameter momentum: the search space has true, but the model needs 0.0 to 0.99
              fix: use numbers
            """
        ),
        (
            "filters", .float(minValue: 16, maxValue: 64, step: 16, sampling: .linear),
            """
            hyperparameter filters: the search space has 16.0 to 64.0 (step 16.0), but the model \
            needs 16 to 64
              fix: use integers
            """
        ),
    ]) func otherTypes(_ name: String, _ domain: HyperParameter.Domain, _ message: String) throws {
        let hp = last(try SearchSpace([name: domain]))
        #expect {
            try ask(hp)
        } throws: { error in
            "\(error)" == message
        }
    }

    /// Names behind conditions are found by trying their values.
    @Test(arguments: ["momentum", "learning_rate", "units_3", "deep"])
    func namesThatAreAsked(_ name: String) throws {
        let space = try SearchSpace([name: .fixed(.float(0.5))])
        try space.checkNames { hp in
            try ask(hp)
            for layer in 0..<(try hp.int("layers", minValue: 1, maxValue: 4)) {
                _ = try hp.float("units_\(layer)", minValue: 0, maxValue: 1)
            }
            if try hp.float("rate", minValue: 0, maxValue: 1) > 0, try hp.boolean("more") {
                _ = try hp.float("deep", minValue: 0, maxValue: 1)
            }
        }
    }

    @Test func onlyOneBuildIfNothingIsMissing() throws {
        var builds = 0
        try SearchSpace(["filters": .fixed(.int(32))]).checkNames {
            builds += 1
            try ask($0)
        }
        #expect(builds == 1)
    }

    @Test(arguments: [
        (
            "kernelsize",
            """
            hyperparameter kernelsize: it is in the search space, but the model never asks for it
              fix: did you mean kernel_size?
            """
        ),
        (
            "zzz",
            """
            hyperparameter zzz: it is in the search space, but the model never asks for it
              fix: use one of filters, flip, growth, kernel_size, learning_rate, momentum, note, \
            optimizer
            """
        ),
    ]) func unknownNames(_ name: String, _ message: String) throws {
        let space = try SearchSpace([name: .fixed(.int(3)), "filters": .fixed(.int(32))])
        #expect {
            try space.checkNames(ask)
        } throws: { error in
            "\(error)" == message
        }
    }

    /// A value of the wrong type is no name that is never asked for.
    @Test func valuesThatCannotBeUsed() throws {
        let space = try SearchSpace(["filters": .fixed(.float(0.5))])
        #expect {
            try space.checkNames(ask)
        } throws: { error in
            "\(error)".hasSuffix("\n  fix: use integers")
        }
    }

    /// What a builder that always fails would have asked for is not known.
    @Test func buildersThatFail() throws {
        try SearchSpace(["zzz": .fixed(.int(3))]).checkNames { hp in
            try ask(hp)
            throw CancellationError()
        }
    }
}
