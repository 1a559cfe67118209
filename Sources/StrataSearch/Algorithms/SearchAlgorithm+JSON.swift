internal import Strata

extension SearchAlgorithm {
    /// The algorithms with their default settings, by name.
    private static let defaults: [(name: String, algorithm: SearchAlgorithm)] = [
        ("random", .random), ("grid", .grid), ("tpe", .tpe()), ("hyperband", .hyperband()),
    ]

    /// The names for ``init(named:)``.
    public static let names = defaults.map(\.name)

    /// An algorithm with its default settings.
    ///
    /// - Parameter name: `random`, `grid`, `tpe` or `hyperband`.
    /// - Throws: a ``HyperParameterError`` for another name.
    public init(named name: String) throws(HyperParameterError) {
        guard let found = Self.defaults.first(where: { $0.name == name }) else {
            throw HyperParameterError(
                nil, "there is no search algorithm \"\(name)\"",
                fix: "use \(Self.names.dropLast().joined(separator: ", ")) or "
                    + "\(Self.names.last ?? "")")
        }
        self = found.algorithm
    }

    /// The name.
    public var name: String {
        switch self {
        case .random: "random"
        case .grid: "grid"
        case .tpe: "tpe"
        case .hyperband: "hyperband"
        }
    }

    /// The name and the settings.
    var json: JSONValue {
        switch self {
        case .random, .grid: ["name": .string(name)]
        case .tpe(let startupTrials):
            ["name": .string(name), "startup_trials": .integer(startupTrials)]
        case .hyperband(let factor, let sampler):
            [
                "name": .string(name), "factor": .integer(factor),
                "sampler": .string(sampler.rawValue),
            ]
        }
    }

    /// An algorithm from its ``json``; settings that are left out have their defaults.
    ///
    /// - Throws: a ``HyperParameterError`` if it is not the JSON of an algorithm.
    init(json: JSONValue) throws(HyperParameterError) {
        guard case .string(let name)? = json["name"] else {
            throw HyperParameterError(
                nil, "the search algorithm has no name", fix: "give it the member \"name\"")
        }
        self = try Self(named: name)
        switch self {
        case .random, .grid: break
        case .tpe(let startupTrials):
            self = .tpe(startupTrials: try json.integer("startup_trials") ?? startupTrials)
        case .hyperband(let factor, let sampler):
            self = .hyperband(
                factor: try json.integer("factor") ?? factor,
                sampler: try json.hyperbandSampler() ?? sampler)
        }
        try check()
    }
}

extension JSONValue {
    fileprivate func integer(_ key: String) throws(HyperParameterError) -> Int? {
        switch self[key] {
        case nil: return nil
        case .integer(let value)?: return value
        case .null, .bool, .number, .string, .array, .object:
            throw HyperParameterError(
                nil, "the search algorithm's \(key) is not an integer", fix: "use an integer")
        }
    }

    fileprivate func hyperbandSampler() throws(HyperParameterError)
        -> SearchAlgorithm.HyperbandSampler?
    {
        guard let value = self["sampler"] else { return nil }
        if case .string(let name) = value,
            let sampler = SearchAlgorithm.HyperbandSampler(rawValue: name)
        {
            return sampler
        }
        let names = SearchAlgorithm.HyperbandSampler.allCases.map(\.rawValue)
        throw HyperParameterError(
            nil, "hyperband has no such sampler", fix: "use \(names.joined(separator: " or "))")
    }
}
