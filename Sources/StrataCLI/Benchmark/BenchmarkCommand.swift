public import ArgumentParser
import Foundation
public import Strata

/// `strata benchmark`: how many images a second a workload takes.
struct BenchmarkCommand: ParsableCommand {
    enum Mode: String, CaseIterable, ExpressibleByArgument {
        case train
        case predict
    }

    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure training or prediction on synthetic data in memory.",
        discussion: """
            A training step is the whole step: forward with dropout and batch statistics, loss, backward, \
            and Adam's update. Five windows are measured after a warm-up; the median and the best are \
            shown.

            EXAMPLES
              strata benchmark fashion --mode train --batch 128
              strata benchmark resnet50 --mode predict --batch 1 --threads 2 --json
            """)

    @Argument(help: "Which model: \(Workload.allCases.map(\.rawValue).joined(separator: ", ")).")
    var workload: Workload

    @Option(help: "train or predict.")
    var mode: Mode = .train

    @Option(help: "Images in a step.")
    var batch: Int = 128

    @Option(help: "About how long to measure, in seconds.")
    var seconds: Double = 4

    @Option(help: "Threads; the cores that the process may use if left out.")
    var threads: Int?

    @Option(help: "float32 or mixed_bfloat16.")
    var precision: DTypePolicy = .float32

    @Flag(help: "Print one line of JSON.")
    var json = false

    @Flag(help: "Print what each part of a step takes.")
    var profile = false

    func validate() throws {
        try OptionRange.batch("--batch").check(batch)
        try OptionRange.threads.check(threads)
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("--seconds is \(seconds); use more than 0, up to 86400, a day.")
        }
    }

    func run() throws {
        if let threads { setThreadCount(threads) }
        DTypePolicy.default = precision
        setRandomSeed(0)
        let model = try workload.model()
        try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy)
        let step = try model.preparedStep(
            isTraining: mode == .train, x: syntheticImages(), y: syntheticLabels())
        if profile {
            print(try step.profile(seconds: seconds))
            return
        }
        let rates = try windows { try step.run() }
        report(rates)
    }

    private func syntheticImages() -> Tensor {
        var generator = RandomGenerator(seed: 0)
        let shape = [batch] + workload.shape
        return Tensor((0..<shape.reduce(1, *)).map { _ in generator.uniform() }, shape: shape)
    }

    private func syntheticLabels() -> Tensor {
        var generator = RandomGenerator(seed: 1)
        return Tensor(
            (0..<batch).map { _ in Int32.random(in: 0..<Int32(workload.classes), using: &generator)
            })
    }

    /// Images a second in five windows.
    private func windows(_ step: () throws -> Void) throws -> [Double] {
        for _ in 0..<3 { try step() }
        let clock = ContinuousClock()
        let one = try clock.measure { try step() }
        let count = max(1, Int(seconds / 5 / max(one.inSeconds, 1e-6)))
        return try (0..<5).map { _ in
            let time = try clock.measure { for _ in 0..<count { try step() } }
            return Double(count * batch) / time.inSeconds
        }
    }

    private func report(_ rates: [Double]) {
        let sorted = rates.sorted()
        let (median, best) = (sorted[sorted.count / 2], sorted[sorted.count - 1])
        guard json else {
            print(
                "\(workload.rawValue), \(mode.rawValue), batch \(batch), \(threadCount()) threads, "
                    + "\(precision.rawValue): \(rounded(median)) images/s "
                    + "(best \(rounded(best)))")
            return
        }
        print(
            """
            {"framework": "strata", "workload": "\(workload.rawValue)", "mode": "\(mode.rawValue)", \
            "batch": \(batch), "threads": \(threadCount()), "precision": "\(precision.rawValue)", \
            "images_per_s_median": \(rounded(median)), "images_per_s_best": \(rounded(best))}
            """)
    }

    private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Workload: ExpressibleByArgument {}

extension DTypePolicy: ExpressibleByArgument {}
