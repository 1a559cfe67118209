import Strata
import Testing

@testable import StrataSearch

@Suite struct SearchResultsTests {
    private let filters = HyperParameter.int("filters", 16, 64, step: 16)
    private let rate = HyperParameter.float("learning_rate", 1e-4, 1e-1, .log)
    private let optimizer = HyperParameter.choice("optimizer", [.string("adam"), .string("sgd")])

    private func trials() -> [Trial] {
        [
            .made(
                1, [(filters, .int(16)), (rate, .float(0.00123456)), (optimizer, .string("adam"))],
                [0.5, 0.75, 0.625], seconds: 12.34),
            .made(
                2, [(filters, .int(32)), (rate, .float(0.01)), (optimizer, .string("adam"))],
                [0.75, 0.5], status: .stopped("others were better"), seconds: 8),
            .made(
                3, [(filters, .int(64)), (optimizer, .string("adam"))],
                [0.875, .nan], status: .diverged("the loss is NaN in epoch 2"), seconds: 2),
            .made(
                4, [(filters, .int(64))], [],
                status: .infeasible("an image of 2×2 is too small\n  fix: enlarge it"), seconds: 0),
            .made(
                5, [(filters, .int(32))], [],
                status: .infeasible("an image of 2×2 is too small\n  fix: reduce it"), seconds: 0),
            .made(6, [(filters, .int(32))], [.nan], status: .failed("out of memory"), seconds: 1),
        ]
    }

    @Test func theBestComeFirst() {
        let results = SearchResults(trials().reversed())
        #expect(results.trials.map(\.number) == [1, 2, 3, 4, 5, 6])
        // 2 and 1 are equally good, and 2 took fewer epochs.
        #expect(results.best(10).map(\.number) == [3, 2, 1])
        #expect(results.best().map(\.number) == [3])
        #expect(results.best(-1).isEmpty)
        let least = SearchResults(trials(), direction: .minimum)
        #expect(least.best(10).map(\.number) == [2, 1, 3])
    }

    @Test func ofEqualTrialsTheEarlierIsBetter() {
        let trials = [3, 1, 2].map { Trial.made($0, [], [0.5]) }
        #expect(SearchResults(trials).best(3).map(\.number) == [1, 2, 3])
    }

    @Test func theTableHasAColumnForWhatDiffers() {
        #expect(
            SearchResults(trials()).table() == """
                rank  trial  val_accuracy  epochs  seconds  status     filters  learning_rate
                   1      3        0.8750       2      2.0  diverged        64              –
                   2      2        0.7500       2      8.0  stopped         32           0.01
                   3      1        0.7500       3     12.3  completed       16       0.001235

                in all of these: optimizer adam
                """)
    }

    @Test func hyperparametersThatDoNotFitFollowBelow() {
        let long = HyperParameter.choice(
            "the_first_convolution_of_the_block_filters", [.string("a"), .string("b")])
        let trials = [
            Trial.made(1, [(long, .string("a")), (filters, .int(16))], [0.5]),
            Trial.made(2, [(long, .string("b\n")), (filters, .int(32))], [0.25]),
        ]
        #expect(
            SearchResults(trials).table(width: 60) == """
                rank  trial  val_accuracy  epochs  seconds  status
                   1      1        0.5000       1      1.0  completed
                   2      2        0.2500       1      1.0  completed

                rank  trial  the_first_convo…he_block_filters  filters
                   1      1  a                                      16
                   2      2  b                                      32
                """)
    }

    @Test func theSummaryGroupsReasons() {
        #expect(
            SearchResults(trials()).summary == """
                6 trials: 1 completed, 1 stopped early, 2 infeasible, 1 diverged, 1 failed
                8 epochs in 23.3 seconds
                best val_accuracy: 0.8750 in epoch 1 of trial 3
                  1 stopped early: others were better
                  2 infeasible: an image of 2×2 is too small
                  1 diverged: the loss is NaN in epoch 2
                  1 failed: out of memory
                """)
    }

    @Test func withoutTrialsThereIsNothingToShow() {
        let results = SearchResults([])
        #expect(results.best(3).isEmpty)
        #expect(results.table() == "no trial has a value of val_accuracy")
        #expect(results.summary == "0 trials\n0 epochs in 0.0 seconds")
    }

    @Test func allFailed() {
        let trials = (1...3).map {
            Trial.made($0, [], [.nan], status: .failed("no disk"), seconds: 0)
        }
        let results = SearchResults(trials)
        #expect(results.table() == "no trial has a value of val_accuracy")
        #expect(
            results.summary == """
                3 trials: 3 failed
                3 epochs in 0.0 seconds
                  3 failed: no disk
                """)
    }
}
