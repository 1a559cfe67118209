/// The brackets of Hyperband (Li et al., 2018, algorithm 1): how many trials, for how many epochs.
///
/// With R epochs and a factor η there are brackets s = ⌊log_η R⌋ … 0. Bracket s starts with
/// ⌈(s_max + 1) / (s + 1) · η^s⌉ trials of R · η^-s epochs, and in each round one of η trials goes
/// on for η times the epochs. Fractions of an epoch are rounded up, as KerasTuner does. KerasTuner
/// has more trials: it rounds log_η R up, and the trials of each round.
struct HyperbandSchedule: Sendable, Hashable {
    /// One of the brackets.
    struct Bracket: Sendable, Hashable {
        /// The number of trials that it starts.
        let size: Int
        /// The epochs up to which the trials of each round are trained.
        let epochs: [Int]
        fileprivate let factor: Int

        /// The number of trials that take part in a round.
        ///
        /// - Parameter count: the number of trials in the first round.
        func trials(inRound round: Int, of count: Int) -> Int {
            max((0..<round).reduce(count) { trials, _ in trials / factor }, min(count, 1))
        }

        /// The number of trials in each round.
        var trials: [Int] { epochs.indices.map { trials(inRound: $0, of: size) } }
    }

    /// The brackets of one pass: the one with the most trials first.
    let brackets: [Bracket]

    /// - Parameters:
    ///   - epochs: the largest number of epochs of a trial.
    ///   - factor: one in so many trials goes on.
    init(epochs: Int, factor: Int) {
        let (epochs, factor) = (max(epochs, 1), max(factor, 2))
        var powers = [1]
        while let last = powers.last, last <= epochs / factor { powers.append(last * factor) }
        brackets = powers.indices.reversed().map { s in
            Bracket(
                size: powers[s].saturatingMultiplied(by: powers.count).dividedRoundingUp(by: s + 1),
                epochs: powers[...s].reversed().map { epochs.dividedRoundingUp(by: $0) },
                factor: factor)
        }
    }

    /// The number of trials of all brackets.
    var trials: Int {
        brackets.reduce(0) { sum, bracket in
            let (sum, isTooLarge) = sum.addingReportingOverflow(bracket.size)
            return isTooLarge ? .max : sum
        }
    }

    /// A bracket by the number that its trials have; after the last comes the first again.
    func bracket(_ index: Int) -> Bracket { brackets[max(index, 0) % brackets.count] }
}

extension Int {
    fileprivate func saturatingMultiplied(by other: Int) -> Int {
        let (product, isTooLarge) = multipliedReportingOverflow(by: other)
        return isTooLarge ? .max : product
    }

    fileprivate func dividedRoundingUp(by other: Int) -> Int {
        self / other + (self % other == 0 ? 0 : 1)
    }
}
