#if Server
import Foundation
import Strata
import StrataTestSupport
import StrataVisualization
import Testing

@testable import StrataStudio

/// Each call of the file system fails in turn while a trained network is kept as a run.
@Suite(
    .disabled(if: hasSanitizer, "no faults with a sanitizer"),
    .timeLimit(.minutes(FileFault.isThorough ? 120 : 5)))
struct KeepingFaultTests {
    /// A network that was trained for two epochs.
    private static func network(
        recordedIn folder: String, heldOut: LabelledImages? = nil
    ) throws -> TrainedNetwork {
        let model = try Sequential(name: "net") {
            Input(shape: [2, 2, 1])
            Flatten()
            Dense(2, activation: .softmax, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        let recorder = RunRecorder(try .create(at: folder), drawings: false)
        try model.fit(
            Tensor.zeros([4, 2, 2, 1]), Tensor([0, 1, 1, 1] as [Int32]), epochs: 2,
            verbose: .silent, callbacks: [recorder])
        return TrainedNetwork(model, recorder) { heldOut }
    }

    /// What is wrong with the runs below a folder, which has one run, or none.
    private static func problem(_ folder: String, hasRun: Bool, of model: Model) throws -> String? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/runs")) ?? []
        guard names == (hasRun ? ["0001-net"] : []) else { return "the runs \(names)" }
        if !hasRun { return nil }
        guard let run = RunRecord.all(in: "\(folder)/runs").first else { return "no record" }
        if run.epochs.count != 2 || run.result["epochs"] != 2 { return "\(run)" }
        let csv = String(
            decoding: try FileContents.read(run.folder.file("metrics.csv")), as: UTF8.self)
        if csv.split(separator: "\r\n").count != 3 { return csv }
        let weights = try Model.load(run.folder.file("model.keras")).getWeights()
        return try weights == model.getWeights() ? nil : "other weights"
    }

    /// What is wrong after a call that fails, and after another try; and the number of calls.
    private static func findings(
        _ fault: FileFault, at call: Int, heldOut: LabelledImages? = nil
    ) throws -> (count: Int, problem: String?) {
        let place = try TemporaryFolder()
        let network = try network(recordedIn: "\(place.path)/recorded", heldOut: heldOut)
        let keep = { _ = try network.keep(in: "\(place.path)/runs", name: "net") }
        let (count, error) = fault.inject(at: call, below: place.path, keep)
        if let error, fault.isHarmless || !"\(error)".contains(place.path) {
            return (count, "\(error)")
        }
        var found = try problem(place.path, hasRun: error == nil, of: network.model)
        if error != nil, found == nil {
            try keep()
            found = try problem(place.path, hasRun: true, of: network.model)
        }
        let rest = place.files.filter { !$0.hasPrefix("runs/0001-net/") || $0.contains(".partial") }
        return (count, found ?? (rest.isEmpty ? nil : "\(rest) remain"))
    }

    /// `STRATA_FAULTS=1` tries each call in turn, not only some.
    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves no half run, and the network can be kept again`(
        fault: FileFault
    ) throws {
        let (count, problem) = try Self.findings(fault, at: .max)
        #expect(count >= 40)
        #expect(problem == nil)
        for call in fault.calls(of: count, most: 10) {
            let problem = try Self.findings(fault, at: call).problem
            #expect(problem == nil, "call \(call) of \(count)")
        }
    }

    /// `STRATA_FAULTS=1` tries each call in turn, not only some.
    @Test(arguments: FileFault.allCases)
    func `a call that fails while the held out images are judged leaves no half run`(
        fault: FileFault
    ) throws {
        let images = try LabelledImages(
            x: Tensor(repeating: 0.5, shape: [2, 2, 2, 1]), y: Tensor([0, 1] as [Int32]),
            classNames: ["a", "b"])
        let (count, problem) = try Self.findings(fault, at: .max, heldOut: images)
        #expect(problem == nil)
        for call in fault.calls(of: count, most: 1) {
            let problem = try Self.findings(fault, at: call, heldOut: images).problem
            #expect(problem == nil, "call \(call) of \(count)")
        }
    }
}
#endif
