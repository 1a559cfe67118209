import Testing

@testable import StrataSearch

/// Random values are independent of each other, and distributed as is asked for.
@Suite struct RandomSamplerTests {
    private let parameters = [
        HyperParameter(
            name: "rate",
            domain: .float(minValue: 1e-4, maxValue: 1, step: nil, sampling: .log)),
        HyperParameter(
            name: "width", domain: .int(minValue: 1, maxValue: 8, step: 1, sampling: .linear)),
        HyperParameter(
            name: "kind", domain: .choice([.string("a"), .string("b")], isOrdered: false)),
    ]

    private func draw(_ parameter: HyperParameter, seed: UInt64, trial: Int, attempt: Int = 0)
        -> HyperParameterValue
    {
        RandomSampler(seed: seed, trial: trial, attempt: attempt).value(of: parameter)
    }

    /// 1024 draws of equally likely values: a count beyond 6 standard deviations of its binomial
    /// distribution has a probability below 1e-8.
    private func expectEven(_ counts: [Int], total: Int) {
        let p = 1 / Double(counts.count)
        let deviation = (Double(total) * p * (1 - p)).squareRoot()
        for count in counts {
            #expect(abs(Double(count) - Double(total) * p) < 6 * deviation)
        }
        #expect(counts.reduce(0, +) == total)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func integersAreUniform(_ seed: UInt64) {
        let values = (1...1024).map { draw(parameters[1], seed: seed, trial: $0).number ?? 0 }
        expectEven((1...8).map { value in values.count { $0 == Double(value) } }, total: 1024)
    }

    /// As many values in each of the four decades.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func logarithmsAreUniform(_ seed: UInt64) {
        let values = (1...1024).map { draw(parameters[0], seed: seed, trial: $0).number ?? 0 }
        let bounds = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
        expectEven(
            (0..<4).map { index in
                values.count { $0 >= bounds[index] && $0 < bounds[index + 1] }
            }, total: 1024)
    }

    /// Two hyperparameters of a trial, two attempts, and two seeds know nothing of each other: the
    /// four combinations of halves are equally likely.
    @Test func drawsAreIndependent() {
        let isLow = { (value: HyperParameterValue) in (value.number ?? 0) < 1e-2 }
        let rate = (1...1024).map { isLow(draw(parameters[0], seed: 1, trial: $0)) }
        let others: [[Bool]] = [
            (1...1024).map { draw(parameters[2], seed: 1, trial: $0) == .string("a") },
            (1...1024).map { isLow(draw(parameters[0], seed: 1, trial: $0, attempt: 1)) },
            (1...1024).map { isLow(draw(parameters[0], seed: 2, trial: $0)) },
            (1...1024).map { isLow(draw(parameters[0], seed: 1, trial: $0 + 1)) },
        ]
        for other in others {
            let pairs = Array(zip(rate, other))
            expectEven(
                [(true, true), (true, false), (false, true), (false, false)].map { a in
                    pairs.count { $0 == a }
                }, total: 1024)
        }
    }

    @Test func orderDoesNotMatter() {
        let sampler = RandomSampler(seed: 5, trial: 3, attempt: 0)
        let forward = parameters.map { sampler.value(of: $0) }
        let backward = parameters.reversed().map { sampler.value(of: $0) }
        #expect(forward == backward.reversed())
    }

    @Test func duplicates() {
        var first = Trial(number: 1)
        first.values = ["a": .int(1), "b": .string("x")]
        var second = Trial(number: 2)
        second.values = ["a": .int(1)]
        let trials = [first, second]
        // JSON does not tell 1.0 from 1.
        #expect(trials.first(withValues: ["b": .string("x"), "a": .float(1)])?.number == 1)
        #expect(trials.first(withValues: ["a": .int(1)])?.number == 2)
        #expect(trials.first(withValues: ["a": .int(2)]) == nil)
        #expect(trials.first(withValues: ["b": .int(1)]) == nil)
        #expect(trials.first(withValues: [:]) == nil)
    }
}
