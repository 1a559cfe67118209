import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// A model whose one weight a callback can set, and data on which its loss is the square of the weight.
private func model() throws -> Model {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1, useBias: false, kernelInitializer: .ones)
    }
    try model.compile(optimizer: SGD(learningRate: 0), loss: .meanSquaredError)
    return model
}

private let x = Tensor([1], shape: [1, 1])
private let y = Tensor([0], shape: [1, 1])

/// Sets the weight before every epoch, so that the losses are what the test says.
private final class Script: Callback {
    let weights: [Float]
    init(losses: [Float]) { weights = losses.map { $0.squareRoot() } }
    override func onEpochBegin(_ epoch: Int) throws {
        try model?.setWeights([Tensor([weights[epoch]], shape: [1, 1])])
    }
}

@Suite struct `Callbacks` {
    @Test func `early stopping ends after the patience and restores the best weights`() throws {
        let model = try model()
        let stopping = EarlyStopping(monitor: "loss", patience: 2, restoreBestWeights: true)
        let history = try model.fit(
            x, y, epochs: 6, verbose: .silent,
            callbacks: [Script(losses: [9, 4, 16, 25, 1, 1]), stopping])
        #expect(history["loss"] == [9, 4, 16, 25])
        #expect(stopping.stoppedEpoch == 3)
        #expect(stopping.bestEpoch == 1)
        #expect(try model.getWeights()[0].scalars == [2])
    }

    enum End: CaseIterable {
        case allEpochs
        case stopRequest
        case thrownError
    }

    @Test(arguments: End.allCases)
    func `the best weights are restored however training ends`(_ end: End) throws {
        struct Failure: Error {}
        let model = try model()
        let ending = LambdaCallback(onEpochEnd: { [weak model] epoch, _ in
            guard epoch == 2 else { return }
            switch end {
            case .allEpochs: return
            case .stopRequest: model?.stopRequest.set()
            case .thrownError: throw Failure()
            }
        })
        let stopping = EarlyStopping(monitor: "loss", patience: 9, restoreBestWeights: true)
        let run = {
            try model.fit(
                x, y, epochs: 3, verbose: .silent,
                callbacks: [Script(losses: [9, 4, 16]), stopping, ending])
        }
        if end == .thrownError {
            #expect(throws: Failure.self) { try run() }
        } else {
            _ = try run()
        }
        #expect(try model.getWeights()[0].scalars == [2])
    }

    @Test func `a quantity that is not there is one warning that lists those that are`() throws {
        let model = try model()
        let stopping = EarlyStopping()
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/best.keras"
        let history = try model.fit(
            x, y, epochs: 2, verbose: .silent,
            callbacks: [stopping, ReduceLROnPlateau(), ModelCheckpoint(path, saveBestOnly: true)])
        #expect(history.epoch == [0, 1])
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(
            stopping.monitor.warning(["loss": 1], "EarlyStopping")
                == "EarlyStopping monitors val_loss, but there are only: loss; give fit "
                + "validationData or validationSplit, or monitor another quantity")
    }

    @Test func `the learning rate is lowered on a plateau, and not below the least`() throws {
        let model = try model()
        model.learningRate = 0.01
        var rates: [Float] = []
        let watch = LambdaCallback(onEpochEnd: { [weak model] _, _ in
            rates.append(model?.learningRate ?? 0)
        })
        let reduce = try ReduceLROnPlateau(
            monitor: "loss", factor: 0.5, patience: 2, minLR: 0.004)
        let weights = LambdaCallback(onEpochBegin: { [weak model] epoch in
            try model?.setWeights([Tensor([Float(2)], shape: [1, 1])])
        })
        try model.fit(
            x, y, epochs: 6, verbose: .silent, callbacks: [weights, reduce, watch])
        #expect(rates == [0.01, 0.01, 0.005, 0.005, 0.004, 0.004])
    }

    @Test func `a schedule sets the learning rate of every epoch`() throws {
        let model = try model()
        var rates: [Float] = []
        let watch = LambdaCallback(onEpochEnd: { [weak model] _, _ in
            rates.append(model?.learningRate ?? 0)
        })
        let schedule = LearningRateScheduler { epoch, _ in 1 / Float(epoch + 1) }
        try model.fit(
            x, y, epochs: 3, verbose: .silent,
            callbacks: [schedule, Script(losses: [1, 1, 1]), watch])
        #expect(rates == [1, 0.5, 1 / 3])
    }

    @Test func `a loss that is no number ends training`() throws {
        let model = try model()
        let history = try model.fit(
            x, y, epochs: 3, verbose: .silent,
            callbacks: [Script(losses: [1, .infinity, 1]), TerminateOnNaN()])
        #expect(history.epoch.count == 2)
    }

    @Test func `the logs of every epoch are lines of a file`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "log.csv").path
        for append in [false, true] {
            try model().fit(
                x, y, epochs: 2, verbose: .silent,
                callbacks: [Script(losses: [4, 1]), CSVLogger(path, append: append)])
        }
        #expect(
            try String(contentsOfFile: path, encoding: .utf8)
                == ["epoch,loss,val_loss", "0,4.0,NA", "1,1.0,NA", "0,4.0,NA", "1,1.0,NA", ""]
                .joined(separator: "\r\n"))
    }

    @Test func `a checkpoint keeps the best model, or one file for each epoch`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let best = folder.appending(path: "best.keras").path
        let each = folder.appending(path: "{epoch:02d}-{loss:.1f}.keras").path
        try model().fit(
            x, y, epochs: 3, verbose: .silent,
            callbacks: [
                Script(losses: [9, 4, 16]),
                ModelCheckpoint(best, monitor: "loss", saveBestOnly: true), ModelCheckpoint(each),
            ])
        #expect(try Model.load(from: best).getWeights()[0].scalars == [2])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["01-9.0.keras", "02-4.0.keras", "03-16.0.keras", "best.keras"])
    }
}
