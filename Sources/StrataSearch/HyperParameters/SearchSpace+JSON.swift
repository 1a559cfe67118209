public import Strata

extension SearchSpace {
    /// Reads a space from a JSON file.
    ///
    /// A hyperparameter is an object with its type, `choice`, `int`, `float` or `boolean`, and the
    /// arguments of the method of ``HyperParameters`` with that name; or the only value that it
    /// may have.
    ///
    /// ```json
    /// {
    ///   "kernel_size": {"type": "choice", "values": [3, 5]},
    ///   "filters": {"type": "int", "min_value": 16, "max_value": 64, "step": 16},
    ///   "learning_rate": {"type": "float", "min_value": 1e-4, "max_value": 1e-2, "sampling": "log"},
    ///   "batch_normalization": {"type": "boolean"},
    ///   "optimizer": "adam"
    /// }
    /// ```
    ///
    /// - Throws: a `FileError` with the path and the hyperparameter.
    public init(contentsOf path: String) throws {
        let bytes = try FileContents.read(path)
        do throws(FileError) {
            self = try Self(json: try JSONValue(inFile: bytes), title: path)
        } catch {
            var error = error
            error.path = path
            throw error
        }
    }

    private init(json: JSONValue, title: String) throws(FileError) {
        guard case .object(let members) = json else {
            throw FileError(
                "is no search space",
                fix: #"write an object of hyperparameters, such as {"optimizer": "adam"}"#)
        }
        do throws(HyperParameterError) {
            var domains: [String: HyperParameter.Domain] = [:]
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                domains[name] = try HyperParameterReader(name: name).domain(value)
            }
            try self.init(domains, title: title)
        } catch {
            throw FileError(
                error.problem, location: error.name.map { ["hyperparameter \($0)"] } ?? [],
                fix: error.fix)
        }
    }

    /// The space as ``init(contentsOf:)`` reads it.
    public var json: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: hyperParameters.map { ($0.name, $0.fileJSON) }))
    }

    /// Writes the space to a file, one line for each hyperparameter.
    ///
    /// - Throws: a `FileError` if the file cannot be written.
    public func save(to path: String) throws {
        let lines = hyperParameters.map {
            "  \(JSONValue.string($0.name).text): \($0.fileJSON.text)"
        }
        let text = "{\n" + lines.joined(separator: ",\n") + "\n}\n"
        try FileContents.write(Array(text.utf8), to: path)
    }
}

extension HyperParameter {
    /// The domain, or the only value.
    fileprivate var fileJSON: JSONValue {
        switch domain {
        case .fixed(let value): value.json
        case .choice, .int, .float: domain.json
        }
    }
}
