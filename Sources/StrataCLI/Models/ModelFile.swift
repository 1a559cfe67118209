import Foundation
import Strata

/// A `.keras` file on the command line.
struct ModelFile {
    let path: String

    /// - Throws: a ``Failure`` if there is no file, or it is not a model.
    func load() throws -> Model {
        try checkExists()
        do {
            return try Model.load(path)
        } catch {
            // Commands rarely need a model's optimizer and losses, and report it if they do.
            guard let model = try? Model.load(path, compile: false) else { throw error }
            // Without the fix, which is applied here.
            var reason = error
            reason.fix = nil
            warn("\(reason); the model is used without its compilation")
            return model
        }
    }

    /// - Throws: a ``Failure`` if there is no file.
    func checkExists() throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure("\(Suggestion.shown(path)): no such file; \(cure)", .noInput)
        }
    }

    /// The fix if there is no such file.
    private var cure: String {
        if DatasetInfo.named(path) != nil {
            return "it is a data set, and the model comes before it"
        }
        let isModel = { (name: String) in name.hasSuffix(".keras") }
        if let near = Suggestion.path(near: path, where: isModel) { return "did you mean \(near)?" }
        return isModel(path)
            ? "check the path, or make a model with strata train --output \(path)"
            : "check the path; models are .keras files"
    }

    /// Checks, before hours of training, that a file can be created here.
    func checkWritable() throws {
        if Suggestion.isFolder(path) { throw cannotCreate("it is a folder") }
        // Only creating a file is a reliable test despite quotas, read-only disks and root's
        // permissions.
        let attempt = "\(path).attempt-\(getpid())"
        let descriptor = open(attempt, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw cannotCreate(String(cString: strerror(errno))) }
        close(descriptor)
        unlink(attempt)
    }

    /// - Throws: a `FileError` if the file cannot be written; an existing file is then unchanged.
    func save(_ model: Model) throws {
        try model.save(to: path)
    }

    private func cannotCreate(_ reason: String) -> Failure {
        Failure(
            "\(path) cannot be written: \(reason); give another path with --output",
            .cannotCreate)
    }
}
