/// An error of reading or writing a file: the file, the position within it, the problem and a fix.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file, if it has one.
    public var path: String?
    /// The path within the file, outermost first: `model.weights.h5`, `layers/conv2d/vars/0`.
    public var location: [String]
    /// The problem.
    public var message: String
    /// The fix.
    public var fix: String? {
        get { cure.text }
        set { cure = Cure(newValue) }
    }
    /// The fix in two parts.
    package private(set) var cure: Cure
    package var cause: Cause

    /// The kind of the problem.
    package enum Cause: Sendable {
        /// The file's contents.
        case contents
        /// The file does not exist, or is not readable.
        case unreadable
        /// The file cannot be created or written.
        case unwritable
    }

    package init(
        _ message: String, path: String? = nil, location: [String] = [], fix: String? = nil,
        cause: Cause = .contents
    ) {
        self.init(message, path: path, location: location, cure: Cure(fix), cause: cause)
    }

    init(
        _ message: String, path: String? = nil, location: [String] = [], cure: Cure,
        cause: Cause = .contents
    ) {
        self.cause = cause
        self.path = path
        self.location = location
        self.message = message
        self.cure = cure
    }

    public var description: String {
        let parts = (path.map { [$0] } ?? []) + location
        return (parts + [message]).joined(separator: ": ") + (fix.map { "; \($0)" } ?? "")
    }

    /// The same error, within an outer file or member.
    func inside(_ outer: String) -> FileError {
        var error = self
        error.location.insert(outer, at: 0)
        return error
    }
}

/// Runs `body` and adds the file at `path` to its errors.
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

/// Runs `body` and adds `location` to the path of its errors.
func locating<T>(
    in location: String, _ body: () throws(FileError) -> T
) throws(FileError) -> T {
    do {
        return try body()
    } catch {
        throw error.inside(location)
    }
}

extension FileError {
    /// An error in a configuration within a file.
    init(_ error: ConfigurationError) {
        self.init(
            error.message, location: error.path.isEmpty ? [] : [error.path], cure: error.cure)
    }
}

extension FileError {
    /// A weight that could not take the value of a file.
    init(_ error: VariableError) {
        self.init(error.sentence, fix: error.fix)
    }
}

extension JSONValue {
    /// Parses JSON that is a part of a file.
    package init(inFile text: [UInt8]) throws(FileError) {
        do throws(ConfigurationError) {
            try self.init(parsing: text)
        } catch {
            throw FileError(error)
        }
    }
}
