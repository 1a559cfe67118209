/// A file that could not be read or written: which, where in it, what is wrong and what helps.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, where it has one.
    public var path: String?
    /// Where in the file, from outside to inside: `model.weights.h5`, `layers/conv2d/vars/0`.
    public var place: [String]
    /// What is wrong.
    public var message: String
    /// What to do about it.
    public var fix: String?
    package var cause: Cause

    /// On what side of a file the problem lies.
    package enum Cause: Sendable {
        /// What the file holds.
        case contents
        /// It is not there, or the system does not let us read it.
        case unreadable
        /// It cannot be made or written.
        case unwritable
    }

    package init(
        _ message: String, path: String? = nil, place: [String] = [], fix: String? = nil,
        cause: Cause = .contents
    ) {
        self.cause = cause
        self.path = path
        self.place = place
        self.message = message
        self.fix = fix
    }

    public var description: String {
        let location = (path.map { [$0] } ?? []) + place
        return (location + [message]).joined(separator: ": ") + (fix.map { "; \($0)" } ?? "")
    }

    /// The same error, seen from the file or the member that holds the place.
    func inside(_ outer: String) -> FileError {
        var error = self
        error.place.insert(outer, at: 0)
        return error
    }
}

/// Runs `body`; an error from it says that it happened in the file at `path`.
func locating<T>(
    path: String, _ body: () throws(FileError) -> T
) throws(FileError) -> T {
    do {
        return try body()
    } catch {
        var error = error
        error.path = path
        throw error
    }
}

/// Runs `body`; an error from it says that it happened inside `place`.
func locating<T>(
    in place: String, _ body: () throws(FileError) -> T
) throws(FileError) -> T {
    do {
        return try body()
    } catch {
        throw error.inside(place)
    }
}

extension FileError {
    /// What is wrong with a configuration that stands in a file.
    init(_ error: ConfigurationError) {
        self.init(error.message, place: error.path.isEmpty ? [] : [error.path])
    }
}

extension JSONValue {
    /// Reads JSON text that is a part of a file.
    init(inFile text: [UInt8]) throws(FileError) {
        do throws(ConfigurationError) {
            try self.init(parsing: text)
        } catch {
            throw FileError(error)
        }
    }
}
