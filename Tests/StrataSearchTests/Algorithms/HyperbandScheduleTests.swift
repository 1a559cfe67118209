import Testing

@testable import StrataSearch

/// The brackets of Hyperband.
@Suite struct HyperbandScheduleTests {
    /// Each round of a bracket as trials and epochs.
    private func rounds(_ epochs: Int, _ factor: Int) -> [[[Int]]] {
        HyperbandSchedule(epochs: epochs, factor: factor).brackets.map { bracket in
            zip(bracket.trials, bracket.epochs).map { [$0, $1] }
        }
    }

    /// Table 1 of the paper, by Li and others (2018).
    @Test func paper() {
        #expect(
            rounds(81, 3) == [
                [[81, 1], [27, 3], [9, 9], [3, 27], [1, 81]],
                [[34, 3], [11, 9], [3, 27], [1, 81]],
                [[15, 9], [5, 27], [1, 81]],
                [[8, 27], [2, 81]],
                [[5, 81]],
            ])
    }

    /// Epochs as in the oracle of KerasTuner 1.4.8.
    ///
    /// Its brackets start with 98, 41, 18, 9 and 6 trials, because it takes 6 for s_max + 1, where
    /// the paper has 5.
    @Test func kerasTunersDefaults() {
        #expect(
            rounds(100, 3) == [
                [[81, 2], [27, 4], [9, 12], [3, 34], [1, 100]],
                [[34, 4], [11, 12], [3, 34], [1, 100]],
                [[15, 12], [5, 34], [1, 100]],
                [[8, 34], [2, 100]],
                [[5, 100]],
            ])
    }

    /// KerasTuner's first bracket is the same where the epochs are a power of the factor.
    @Test(arguments: [
        (9, 3, [[[9, 1], [3, 3], [1, 9]], [[5, 3], [1, 9]], [[3, 9]]]),
        (16, 4, [[[16, 1], [4, 4], [1, 16]], [[6, 4], [1, 16]], [[3, 16]]]),
        (
            12, 2,
            [
                [[8, 2], [4, 3], [2, 6], [1, 12]], [[6, 3], [3, 6], [1, 12]], [[4, 6], [2, 12]],
                [[4, 12]],
            ]
        ),
        (5, 3, [[[3, 2], [1, 5]], [[2, 5]]]),
        (2, 3, [[[1, 2]]]),
        (1, 2, [[[1, 1]]]),
    ])
    func smallSchedules(_ epochs: Int, _ factor: Int, _ expected: [[[Int]]]) {
        #expect(rounds(epochs, factor) == expected)
    }

    /// A round always has more epochs than the one before: x and 2 x, at least 1 apart, do not
    /// round up to the same number.
    @Test(arguments: 2...6)
    func roundsGrow(_ factor: Int) {
        for epochs in 1...300 {
            for bracket in HyperbandSchedule(epochs: epochs, factor: factor).brackets {
                #expect(zip(bracket.epochs, bracket.epochs.dropFirst()).allSatisfy { $0 < $1 })
                #expect(bracket.epochs.last == epochs)
                #expect(bracket.trials.allSatisfy { $0 >= 1 })
            }
        }
    }

    @Test func bracketsRepeat() {
        let schedule = HyperbandSchedule(epochs: 9, factor: 3)
        #expect([0, 1, 2, 3, 4].map { schedule.bracket($0).size } == [9, 5, 3, 9, 5])
        #expect(schedule.trials == 17)
    }

    /// Numbers that only a mistake or a damaged file has do not trap.
    @Test(arguments: [
        (Int.max, 2), (.max, .max), (.max - 1, 3), (0, 0), (.min, .min), (1 << 62, 2),
    ])
    func absurdNumbers(_ epochs: Int, _ factor: Int) {
        let schedule = HyperbandSchedule(epochs: epochs, factor: factor)
        #expect(schedule.trials >= 1)
        #expect(schedule.bracket(.min) == schedule.bracket(0))
        #expect(schedule.bracket(.max).epochs.last == max(epochs, 1))
    }
}
