import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Files of Keras with the state of an optimizer that was not trained, or with another one's.
@Suite(
    .enabled(
        if: KerasPython.path != nil, "there is no Python with Keras; scripts/keras-venv makes one"))
struct UntrainedFileTests {
    private static let folder = Result { () throws -> TemporaryFolder in
        let folder = try TemporaryFolder()
        try KerasPython.run("keras/untrained.py", [folder.path])
        return folder
    }

    @Test(arguments: ["untrained", "trained", "frozen"])
    func `a file with any optimizer opens, compiled, and is trained on`(prefix: String) throws {
        let folder = try Self.folder.get()
        let names = folder.files.filter { $0.hasPrefix("\(prefix)_") }
        #expect(names.count == 18)
        for name in names {
            let model = try Model.load("\(folder.path)/\(name)")
            #expect(model.isCompiled, "\(name)")
            let steps = try model.optimizerVariables.first {
                try $0.name == "iteration" && $0.value.scalars != [0]
            }
            // With layers frozen, only a state that keeps nothing of weights still fits.
            if prefix != "frozen" { #expect((steps != nil) == (prefix == "trained"), "\(name)") }
            let logs = try model.trainOnBatch(
                Tensor(repeating: 1, shape: [2, 2]), Tensor(repeating: 1, shape: [2, 1]))
            #expect(logs["loss"]?.isFinite == true, "\(name)")
        }
    }

    @Test func `what we compile and do not train has the variables that Keras writes`() throws {
        let folder = try Self.folder.get()
        for name in folder.files where name.hasPrefix("untrained_") {
            let file = try KerasFile(contentsOf: "\(folder.path)/\(name)")
            let model = try Model.load(file, compiled: false)
            try model.compile(
                optimizer: #require(try Model.load(file, compiled: true).optimizer),
                loss: .meanSquaredError)
            let own = try #require(model.weightGroups().variables(at: ["optimizer"]))
            let keras = try #require(file.weights.variables(at: ["optimizer"]))
            #expect(
                own.numberedTensors.map(\.shape) == keras.numberedTensors.map(\.shape), "\(name)")
        }
    }
}
