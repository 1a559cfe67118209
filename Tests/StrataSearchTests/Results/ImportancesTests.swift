import Foundation
import Strata
import Testing

@testable import StrataSearch

@Suite struct ImportancesTests {
    private let kind = HyperParameter.choice("kind", [.string("a"), .string("b")])
    private let other = HyperParameter.choice("other", [.string("c"), .string("d")])

    /// `kind` decides, `other` is the same in the best trials as in all.
    private func decided(by kind: HyperParameter) -> [Trial] {
        (0..<40).map { index in
            .made(
                index + 1,
                [
                    (kind, .string(index < 20 ? "a" : "b")),
                    (other, .string(index % 2 == 0 ? "c" : "d")),
                ], [index < 4 ? 0.9 : 0.5])
        }
    }

    /// The best tenth of 40 trials are 4, all with `a`: with a prior of one trial, half of it for
    /// each value, the densities are 4.5/5 and 0.5/5 instead of 20.5/41 and 20.5/41.
    @Test func aHyperparameterThatDecidesHasAllImportance() throws {
        let results = SearchResults(decided(by: kind))
        #expect(
            results.importances == [
                HyperParameterImportance(name: "kind", importance: 1),
                HyperParameterImportance(name: "other", importance: 0),
            ])
        #expect(
            results.importanceTable == """
                kind   1.000  ████████████████████████████████████████
                other  0.000
                """)
    }

    /// Divergences by hand: Σ (top − all)² / all.
    @Test func importancesAreSharesOfThePearsonDivergence() throws {
        // The best are trials 1 and 2 of 20: `kind` a, a; `third` x, y.
        let third = HyperParameter.choice("third", [.string("x"), .string("y"), .string("z")])
        let trials = (0..<20).map { index in
            Trial.made(
                index + 1,
                [
                    (kind, .string(index < 10 ? "a" : "b")),
                    (third, .string(index == 0 ? "x" : index == 1 ? "y" : "z")),
                ], [Float(index)])
        }
        // kind: 2.5/3 and 0.5/3, in all 10.5/21 each.
        let first = 2 * (2.5 / 3 - 0.5) * (2.5 / 3 - 0.5) / 0.5
        // third: 4/9, 4/9, 1/9; in all 4/63, 4/63, 55/63.
        let rare = (4.0 / 9 - 4.0 / 63) * (4.0 / 9 - 4.0 / 63) / (4.0 / 63)
        let frequent = (1.0 / 9 - 55.0 / 63) * (1.0 / 9 - 55.0 / 63) / (55.0 / 63)
        let second = 2 * rare + frequent
        let importances = SearchResults(trials, direction: .minimum).importances
        #expect(importances.map(\.name) == ["third", "kind"])
        // 1e-12 is added to densities.
        #expect(abs(importances[0].importance - second / (first + second)) < 1e-10)
        #expect(abs(importances[1].importance - first / (first + second)) < 1e-10)
    }

    /// No value is in the middle between two cells of the grid, where rounding rules differ.
    ///
    /// Numbers by Optuna 5.0.0: `get_param_importances` with `PedAnovaImportanceEvaluator()`.
    @Test(arguments: [
        (
            40, ObjectiveDirection.minimum,
            [
                ("units", 0.5490870732158208),
                ("x", 0.38465976764461385),
                ("rate", 0.06123707772717842),
                ("y", 0.005016081412386788),
            ]
        ),
        (
            40, .maximum,
            [
                ("units", 0.5490870732158208),
                ("x", 0.38465976764461385),
                ("rate", 0.06123707772717842),
                ("y", 0.005016081412386788),
            ]
        ),
        (
            200, .minimum,
            [
                ("units", 0.5240542360245399), ("x", 0.4700800961599167),
                ("y", 0.003785148795628108), ("rate", 0.002080519019915188),
            ]
        ),
    ])
    func numbersHaveTheImportanceThatOptunaGivesThem(
        count: Int, direction: ObjectiveDirection, expected: [(String, Double)]
    ) {
        let last = Double(count - 1)
        let trials = (0..<count).map { index in
            let x = Double(index) / last
            let units = index * 3 % 8 + 1
            let loss = Float((x - 0.25) * (x - 0.25) + 0.01 * Double(units))
            let rate = min(1e-4 * pow(1000, Double(index * 11 % count) / last), 0.1)
            return Trial.made(
                index + 1,
                [
                    (.float("x", 0, 1), .float(x)),
                    (.float("y", 0, 1), .float(Double(index * 7 % count) / last)),
                    (.float("rate", 1e-4, 0.1, .log), .float(rate)),
                    (.int("units", 1, 8), .int(units)),
                ], [direction == .minimum ? loss : -loss])
        }
        let importances = SearchResults(trials, direction: direction).importances
        #expect(importances.map(\.name) == expected.map(\.0))
        for (importance, expected) in zip(importances, expected) {
            #expect(abs(importance.importance - expected.1) < 1e-6)
        }
    }

    /// The trials without `rate` are all better, and yet say nothing about it.
    @Test func aConditionalHyperparameterIsJudgedWhereItExists() {
        let rate = HyperParameter.choice("rate", [.string("low"), .string("high")])
        let trials = (0..<40).map { index -> Trial in
            let value = (kind, HyperParameterValue.string(index < 20 ? "a" : "b"))
            guard index >= 20 else { return .made(index + 1, [value], [0.9]) }
            let text = index % 2 == 0 ? "low" : "high"
            return .made(index + 1, [value, (rate, .string(text))], [index < 22 ? 0.6 : 0.5])
        }
        // The best two of twenty have one value each.
        let importances = SearchResults(trials).importances
        #expect(importances.map(\.name) == ["kind", "rate"])
        #expect(importances[1].importance < 1e-20)
    }

    @Test(arguments: [
        Trial.Status.infeasible("too small"), .diverged("NaN"), .failed("no memory"), .completed,
    ])
    func trialsWithoutValueAreTheWorst(status: Trial.Status) {
        let trials = (0..<20).map { index in
            let value = HyperParameterValue.string(index < 10 ? "a" : "b")
            return index < 10
                ? Trial.made(index + 1, [(kind, value), (other, .string("c"))], [0.5])
                : .made(index + 1, [(kind, value), (other, .string("c"))], [.nan], status: status)
        }
        // `other` is the same everywhere.
        #expect(
            SearchResults(trials).importances == [
                HyperParameterImportance(name: "kind", importance: 1),
                HyperParameterImportance(name: "other", importance: 0),
            ])
    }

    @Test func equalValuesMakeNothingImportant() {
        let trials = decided(by: kind).map {
            Trial.made($0.number, [(kind, $0.values["kind"]!)], [1])
        }
        let results = SearchResults(trials)
        #expect(results.importances == [HyperParameterImportance(name: "kind", importance: 0)])
        #expect(results.importanceTable.hasPrefix("the best trials have no other hyperparameters"))
    }

    @Test(arguments: 0...3) func tooFewTrialsSayNothing(count: Int) {
        let results = SearchResults(Array(decided(by: kind).prefix(count)))
        #expect(results.importances.isEmpty)
        #expect(
            results.importanceTable
                == "importances need 4 trials with a value of val_accuracy; there "
                + "\(count == 1 ? "is" : "are") \(count)")
    }

    @Test func hyperparametersWithOneValueAreLeftOut() {
        let single = HyperParameter.choice("single", [.int(3)])
        let fixed = HyperParameter(name: "fixed", domain: .fixed(.int(3)))
        let trials = (1...5).map { number in
            Trial.made(number, [(single, .int(3)), (fixed, .int(3))], [Float(number)])
        }
        let results = SearchResults(trials)
        #expect(results.importances.isEmpty)
        #expect(results.importanceTable == "no hyperparameter has more than one value")
    }
}
