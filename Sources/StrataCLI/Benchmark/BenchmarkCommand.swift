import ArgumentParser
import Strata

/// `strata benchmark`: measures the images per second of a workload.
struct BenchmarkCommand: ParsableCommand {
    enum Mode: String, CaseIterable {
        case train
        case predict
        case fit
    }

    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure training or prediction on synthetic data in memory.",
        discussion: """
            A training step is the whole step: forward pass with dropout and batch statistics, loss, \
            backward pass, and Adam's update. fit runs such steps on shuffled samples, with the accuracy. \
            Five windows are measured after a warm-up; the median and the best are shown.

            Under mpirun, the ranks share each batch as in training.

            EXAMPLES
              strata benchmark fashion --mode train --batch 128
              strata benchmark resnet50 --mode predict --batch 1 --threads 2 --json
              strata benchmark vgg --profile
            """)

    @Argument(help: "The model: \(Workload.choices).", transform: Workload.parse)
    var workload: Workload

    @Option(help: "The task: \(Mode.choices). (default: train)", transform: Mode.parse)
    var mode: Mode = .train

    @Option(
        parsing: .unconditional, help: "Images in a step. (default: 128)",
        transform: OptionRange.batch.parse)
    var batch: Int = 128

    @Option(
        parsing: .unconditional, help: "The approximate duration in seconds. (default: 4)",
        transform: OptionRange.seconds.parse)
    var seconds: Double = 4

    @OptionGroup var threads: ThreadsOption

    @Option(help: "\(DTypePolicy.choices). (default: float32)", transform: DTypePolicy.parse)
    var precision: DTypePolicy = .float32

    @Flag(help: "Print one line of JSON.")
    var json = false

    @Flag(help: "Print the time of each part of a step instead.")
    var profile = false

    @Flag(
        help: ArgumentHelp(
            "Under mpirun, let each rank train alone, on batches of its own, at the same time.",
            visibility: .hidden))
    var apart = false

    func validate() throws {
        // 4 GiB of images; activations take a multiple.
        let most = (1 << 30) / workload.shape.reduce(1, *)
        guard batch <= most else {
            throw ValidationError(
                "--batch is \(batch); \(workload.rawValue) takes 1 to \(most) images.")
        }
        guard !profile || mode != .fit else {
            throw ValidationError("--profile shows one step; use it with --mode train or predict.")
        }
    }

    func run() throws {
        let ranks = try Ranks()
        // The ranks have divided the cores; an option counts more.
        threads.apply()
        guard ranks.count == 1 || mode != .predict else {
            throw ValidationError(
                "Each of the \(ranks.count) ranks would predict alone; "
                    + "use --mode train or fit, or start without mpirun.")
        }
        try ranks.together { try measure(ranks) }
    }

    private func measure(_ ranks: Ranks) throws {
        DTypePolicy.default = precision
        setRandomSeed(0)
        let model = try workload.model()
        try model.compile(
            optimizer: Adam(), loss: .sparseCategoricalCrossentropy,
            metrics: mode == .fit ? [.accuracy] : [])
        if !apart { try ranks.distribute(model) }
        if mode == .fit { return report(try epochs(of: model, ranks), model, ranks) }
        let step = try model.preparedStep(
            isTraining: mode == .train, x: images(batch), y: labels(batch))
        if profile {
            let profile = try step.profile(seconds: seconds)
            if ranks.isFirst { print(json ? profile.json.text : "\(profile)") }
        } else {
            report(try windows(ranks) { try step.run() }, model, ranks)
        }
    }

    private func images(_ count: Int) -> Tensor {
        var generator = RandomGenerator(seed: 0)
        let shape = [count] + workload.shape
        return Tensor((0..<shape.reduce(1, *)).map { _ in generator.uniform() }, shape: shape)
    }

    private func labels(_ count: Int) -> Tensor {
        var generator = RandomGenerator(seed: 1)
        return Tensor(
            (0..<count).map { _ in Int32.random(in: 0..<Int32(workload.classes), using: &generator)
            })
    }

    /// Images per second in five windows of steps.
    private func windows(_ ranks: Ranks, _ step: () throws -> Void) throws -> [Double] {
        for _ in 0..<3 { try step() }
        let clock = ContinuousClock()
        let count = try ranks.agreed(stepCount(in: try clock.measure { try step() }))
        return try (0..<5).map { _ in
            let time = try clock.measure {
                for _ in 0..<count { try step() }
                // Ranks that train alone go on together.
                if apart { _ = try ranks.agreed(count) }
            }
            return Double(count * batch) / time.inSeconds
        }
    }

    /// The number of steps of a duration that fit into a fifth of the time.
    private func stepCount(in time: Duration) -> Int {
        max(1, Int(seconds / 5 / max(time.inSeconds, 1e-6)))
    }

    /// Images per second in five epochs on shuffled samples, each a call of `fit`.
    private func epochs(of model: Model, _ ranks: Ranks) throws -> [Double] {
        let clock = ContinuousClock()
        func time(_ x: Tensor, _ y: Tensor) throws -> Duration {
            try clock.measure {
                try model.fit(x, y, batchSize: batch, epochs: 1, verbose: .silent)
            }
        }
        let (first, second) = (images(4 * batch), labels(4 * batch))
        _ = try time(first, second)
        // 256 MiB are larger than any cache.
        let most = max(4, (64 << 20) / (batch * workload.shape.reduce(1, *)))
        let stepCount = try ranks.agreed(stepCount(in: try time(first, second) / 4))
        let count = batch * min(stepCount, most)
        let (x, y) = (images(count), labels(count))
        return try (0..<5).map { _ in Double(count) / (try time(x, y)).inSeconds }
    }

    private func report(_ rates: [Double], _ model: Model, _ ranks: Ranks) {
        guard ranks.isFirst else { return }
        let sorted = rates.sorted()
        let (median, best) = (sorted[sorted.count / 2], sorted[sorted.count - 1])
        guard json else {
            print(
                "\(workload.rawValue), \(mode.rawValue), batch \(batch), \(threadCount()) threads\(ranks.note), "
                    + "\(precision.rawValue): \(rounded(median)) images/s "
                    + "(best \(rounded(best)))")
            return
        }
        print(
            """
            {"framework": "strata", "workload": "\(workload.rawValue)", "mode": "\(mode.rawValue)", \
            "batch": \(batch), "ranks": \(ranks.count), "threads": \(threadCount()), \
            "precision": "\(precision.rawValue)", "weights": \(model.countParams()), \
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
