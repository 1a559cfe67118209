/// Hyperparameters that replace those of a hypermodel with the same names: with other bounds, other
/// choices, or a single value.
///
/// The argument `hyperparameters` of KerasTuner's tuners.
///
/// ```swift
/// let space = try SearchSpace([
///     "kernel_size": .choice([.int(3), .int(5)], isOrdered: true),
///     "filters": .int(minValue: 16, maxValue: 64, step: 16, sampling: .linear),
///     "optimizer": .fixed(.string("adam")),
/// ])
/// ```
///
/// ``init(contentsOf:)`` reads the same from a file. Hyperparameters that are not in it stay as the
/// hypermodel has them.
public struct SearchSpace: Sendable, Hashable {
    /// The hyperparameters, in the order of their names.
    public let hyperParameters: [HyperParameter]
    /// What errors call the space: a file's path, for one that was read.
    let title: String

    /// A space that changes nothing.
    public init() {
        hyperParameters = []
        title = "the search space"
    }

    /// - Throws: a ``HyperParameterError`` for an empty choice, a range that is upside down, or
    ///   values of different types.
    public init(_ domains: [String: HyperParameter.Domain]) throws {
        try self.init(domains, title: "the search space")
    }

    /// The space of hyperparameters that were asked for, such as those of
    /// ``HyperParameters/space``; of those with the same name the first counts.
    public init(_ hyperParameters: [HyperParameter]) throws {
        try self.init(
            Dictionary(hyperParameters.map { ($0.name, $0.domain) }) { first, _ in first })
    }

    init(_ domains: [String: HyperParameter.Domain], title: String) throws(HyperParameterError) {
        hyperParameters = domains.map { HyperParameter(name: $0.key, domain: $0.value) }
            .sorted { $0.name < $1.name }
        self.title = title
        for parameter in hyperParameters {
            try parameter.check()
            if case .choice(let values, _) = parameter.domain, parameter.domain.kind == nil {
                throw HyperParameterError(
                    parameter.name,
                    "the values of the choice are of different types: "
                        + values.map(\.description).joined(separator: ", "),
                    fix: "use only numbers, only strings, or only booleans")
            }
        }
    }

    /// The hyperparameter that takes the place of one that a builder asks for.
    ///
    /// - Throws: a ``HyperParameterError`` if the builder cannot use its values.
    func replacing(_ asked: HyperParameter) throws(HyperParameterError) -> HyperParameter {
        guard let own = hyperParameters.first(where: { $0.name == asked.name }) else {
            return asked
        }
        guard let domain = own.domain.converted(for: asked.domain) else {
            throw HyperParameterError(
                asked.name, "\(title) has \(own.domain), but the model needs \(asked.domain)",
                fix: asked.domain.kind?.fix ?? "use values of one type")
        }
        let replaced = HyperParameter(name: asked.name, domain: domain)
        try replaced.check()
        return replaced
    }
}
