import ArgumentParser
import Foundation
import Strata

/// Suggestions for unknown words.
enum Suggestion {
    /// `; did you mean vgg?`, or nothing if no name is similar.
    static func question(_ text: String, among names: [String]) -> String {
        nearestName(to: text, among: names).map { "; did you mean \($0)?" } ?? ""
    }

    /// The existing path that is most similar to a missing one.
    ///
    /// - Parameter isWanted: whether a path is of the right kind.
    static func path(near path: String, where isWanted: (String) -> Bool = { _ in true }) -> String?
    {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder)
        let start = path.contains("/") ? folder + "/" : ""
        // Extensions are left out, since they would make all names similar.
        let name = (parts.last ?? "") as NSString
        var wanted: [String: String] = [:]
        for found in (names ?? []).sorted() where isWanted(start + found) {
            let (stem, ending) = (
                (found as NSString).deletingPathExtension, (found as NSString).pathExtension
            )
            if wanted[stem] == nil || ending == name.pathExtension { wanted[stem] = found }
        }
        return nearestName(to: name.deletingPathExtension, among: wanted.keys.sorted())
            .flatMap { wanted[$0] }.map { start + $0 }
    }

    /// A path for a message, with a form for the empty one.
    static func shown(_ path: String) -> String { path.isEmpty ? "\"\"" : path }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }
}

extension CaseIterable where Self: RawRepresentable, RawValue == String {
    /// All names, as in a sentence: `train, predict or fit`.
    static var choices: String {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }

    /// The case with a name on the command line.
    ///
    /// - Throws: a `ValidationError` with the most similar name, and all names.
    static func parse(_ text: String) throws -> Self {
        if let value = Self(rawValue: text) { return value }
        let question = Suggestion.question(text, among: allCases.map(\.rawValue))
        throw ValidationError("use \(choices)\(question)")
    }
}
