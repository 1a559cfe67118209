#if MPI
import Glibc
import Strata
import StrataGraph
import StrataMPI

/// A short training of a small network, of which rank 0 prints the loss curve.
struct SmallTraining {
    private let command: Command
    private let distribution: Distribution
    /// The place in the list of networks.
    private let network: Int

    init(_ distribution: Distribution, _ command: Command) {
        (self.distribution, self.command) = (distribution, command)
        network = command.number("network", 0)
    }

    func run() throws {
        // Others than rank 0's are not to matter.
        setRandomSeed(UInt64(1 + distribution.rank))
        let model = try makeModel()
        try model.distribute(distribution)
        var callbacks: [Callback] = [LambdaCallback(onTrainBatchEnd: { _, _ in usleep(500) })]
        if let folder = command.text("backup") {
            callbacks.append(
                BackupAndRestore(folder, saveFrequency: .batches(1), deleteCheckpoint: false))
        }
        let count = 22
        let pixels = (0..<count * 64).map { index in
            let step = index * 37 + index / 64 * 11
            return Float(step % 17) / 17
        }
        let x = Tensor(pixels, shape: [count, 8, 8, 1])
        let y = Tensor((0..<count).map { Int32($0 * 5 % 3) }, shape: [count])
        let differs = command.number("differ", -1) == distribution.rank
        let dying = command.number("rank", -1) == distribution.rank
        let left = Deadline(milliseconds: command.number("after", 0))
        if dying { left.start() }
        let history = try model.fit(
            differs ? x * 2 : x, y, batchSize: 5, epochs: command.number("epochs", 3),
            verbose: .silent,
            callbacks: callbacks, validationData: (x, y))
        guard distribution.rank == 0 else { return }
        var curve: [Float] = []
        for line in history.logs {
            for name in ["loss", "accuracy", "val_loss", "val_accuracy"] {
                curve.append(line[name] ?? .nan)
            }
        }
        print("curve", curve.map { "\($0)" }.joined(separator: " "))
    }

    private func makeModel() throws -> Model {
        let layers: [Layer] =
            switch network {
            case 0:
                [
                    Conv2D(4, kernelSize: 3, activation: .relu, name: "conv"),
                    MaxPooling2D(name: "pool"), Flatten(name: "flatten"),
                ]
            case 1:
                [
                    Conv2D(4, kernelSize: 3, activation: .relu, name: "conv"),
                    SpatialDropout2D(0.3, name: "maps"), Flatten(name: "flatten"),
                    Dropout(0.4, name: "dropout"),
                ]
            default:
                [
                    Conv2D(4, kernelSize: 3, useBias: false, name: "conv"),
                    BatchNormalization(synchronized: true, name: "normalization"),
                    Activation(.relu, name: "relu"), GlobalAveragePooling2D(name: "pool"),
                ]
            }
        let model = try Sequential(name: "net") {
            Input(shape: [8, 8, 1], name: "input")
            layers
            Dense(3, activation: .softmax, name: "dense")
        }
        let optimizer: any Optimizer =
            network == 0 ? SGD(learningRate: 0.1, momentum: 0.9) : Adam(learningRate: 0.01)
        try model.compile(
            optimizer: optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        return model
    }
}

/// Kills the process after a time, whatever it does then.
private struct Deadline {
    let milliseconds: Int

    func start() {
        var thread = pthread_t()
        let argument = UnsafeMutableRawPointer(bitPattern: max(milliseconds, 1))
        pthread_create(
            &thread, nil,
            { argument in
                usleep(UInt32(1000 * Int(bitPattern: argument)))
                kill(getpid(), SIGKILL)
                return nil
            }, argument)
    }
}
#endif
