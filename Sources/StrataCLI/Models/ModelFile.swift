import Foundation
import Strata

/// A `.keras` file that a command line names.
struct ModelFile {
    let path: String

    /// - Throws: a ``Failure`` where there is no file, or it holds no model.
    func load() throws -> Model {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(
                "\(path): no such file; check the path, or make a model with strata train "
                    + "--output \(path)", .noInput)
        }
        return try Model.load(from: path)
    }

    /// Makes sure, before hours of training, that a file can be made here.
    func checkWritable() throws {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
        {
            throw cannotCreate("it is a folder")
        }
        // Trying is the only test that quotas, read-only disks and root's rights cannot mislead.
        let attempt = "\(path).attempt-\(getpid())"
        let descriptor = open(attempt, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw cannotCreate(String(cString: strerror(errno))) }
        close(descriptor)
        unlink(attempt)
    }

    /// - Throws: a ``Failure`` where the file cannot be written; what was there is still there then.
    func save(_ model: Model) throws {
        do {
            try model.save(to: path)
        } catch let error as FileError {
            throw Failure("\(error)", .cannotCreate)
        }
    }

    private func cannotCreate(_ reason: String) -> Failure {
        Failure(
            "\(path) cannot be written: \(reason); give another path with --output",
            .cannotCreate)
    }
}
