#if Server
import Foundation
import Strata
import StrataVisualization

/// A network that was trained, with its record; used on its worker's thread alone.
final class TrainedNetwork: @unchecked Sendable {
    let model: Model
    private let recorder: RunRecorder
    private let heldOut: () throws -> LabelledImages?

    /// - Parameters:
    ///   - recorder: has recorded the training in a temporary folder.
    ///   - heldOut: images that it was not trained on, if there are any.
    init(
        _ model: Model, _ recorder: RunRecorder, heldOut: @escaping () throws -> LabelledImages?
    ) {
        self.model = model
        self.recorder = recorder
        self.heldOut = heldOut
    }

    /// Keeps the training as a run.
    ///
    /// - Parameters:
    ///   - parent: the folder of all runs.
    ///   - name: the run's name, without its number.
    /// - Returns: the name with its number.
    /// - Throws: a ``FileError``; there is no such run then, and it can be tried again.
    func keep(in parent: String, name: String) throws -> String {
        try recorder.finish(model, on: try heldOut())
        let run = try RunFolder.create(in: parent, name: name)
        do {
            try copyRecord(to: run)
        } catch {
            try? FileManager.default.removeItem(atPath: run.path)
            throw error
        }
        // What remains of it costs space only.
        try? FileManager.default.removeItem(atPath: recorder.folder.path)
        return run.name
    }

    /// A folder with settings is listed as a run, so they come last, in case the process ends.
    private func copyRecord(to run: RunFolder) throws {
        let settings = "settings.json"
        let names = try FileManager.default.contentsOfDirectory(atPath: recorder.folder.path)
        for name in names.filter({ $0 != settings }) + [settings] {
            try FileContents.write(
                try FileContents.read(recorder.folder.file(name)), to: run.file(name))
        }
    }
}
#endif
