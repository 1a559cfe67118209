/// The hyperparameters of one trial: a model's builder asks for their values by name.
///
/// KerasTuner's `HyperParameters`.
///
/// ```swift
/// func build(_ hp: HyperParameters) throws -> Model {
///     let model = try Sequential {
///         Input(shape: [28, 28, 1])
///         Conv2D(try hp.choice("filters", [16, 32, 64]), kernelSize: 3, activation: .relu)
///         GlobalAveragePooling2D()
///         if try hp.boolean("dropout") {
///             Dropout(try hp.float("rate", minValue: 0.1, maxValue: 0.5))
///         }
///         Dense(10, activation: .softmax)
///     }
///     try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
///     return model
/// }
/// ```
///
/// A hyperparameter belongs to a trial if the builder asked for it: those behind an `if`, such as
/// `rate` above, exist only where they matter. ``conditionalScope(_:_:_:)`` says the same by name.
public final class HyperParameters {
    /// The hyperparameters that were asked for, in order, as the search's own space has them.
    public private(set) var space: [HyperParameter] = []
    /// Their values, by name.
    public private(set) var values: [String: HyperParameterValue] = [:]
    /// What the builder asked for, by name, before ``replacements`` changed it.
    private var asked: [String: HyperParameter] = [:]
    /// Hyperparameters that take the place of the builder's.
    private let replacements: SearchSpace
    /// Draws the value of a hyperparameter that was not asked for before.
    private let draw: (HyperParameter) throws -> HyperParameterValue

    /// - Parameters:
    ///   - space: hyperparameters that take the place of those that the builder asks for.
    ///   - draw: gives the value of a hyperparameter when it is first asked for.
    init(
        space: SearchSpace = SearchSpace(),
        drawing draw: @escaping (HyperParameter) throws -> HyperParameterValue
    ) {
        replacements = space
        self.draw = draw
    }

    /// Hyperparameters with known values, such as those of ``Trial/values``; others have their
    /// default.
    ///
    /// - Parameters:
    ///   - values: the values, by name.
    ///   - space: the space that was searched, if it replaces some of the builder's own.
    public convenience init(
        values: [String: HyperParameterValue] = [:], space: SearchSpace = SearchSpace()
    ) {
        self.init(space: space) { parameter in
            guard let value = values[parameter.name] else { return parameter.domain.defaultValue }
            return try parameter.checked(value)
        }
    }

    /// One of some values.
    ///
    /// - Parameters:
    ///   - name: the name; asked for again, it has the same value.
    ///   - values: at least one, all different.
    ///   - ordered: whether neighbours are similar; by default, whether the values are numbers.
    /// - Throws: a ``HyperParameterError`` if there is no value, or the name was used with others.
    public func choice<Value: HyperParameterConvertible>(
        _ name: String, _ values: [Value], ordered: Bool? = nil
    ) throws -> Value {
        let all = values.map(\.hyperParameterValue)
        let isOrdered = ordered ?? all.allSatisfy { $0.number != nil }
        let value = try value(
            HyperParameter(name: name, domain: .choice(all, isOrdered: isOrdered)))
        return try converted(value, name)
    }

    /// An integer.
    ///
    /// - Parameters:
    ///   - name: the name; asked for again, it has the same value.
    ///   - minValue: the smallest value.
    ///   - maxValue: the largest value, included if it is a whole number of steps away.
    ///   - step: the distance between values, 1 or more; with logarithmic sampling the factor
    ///     between them, 2 or more.
    ///   - sampling: how values are drawn.
    /// - Throws: a ``HyperParameterError`` if the bounds are upside down, or the name was used with
    ///   others.
    public func int(
        _ name: String, minValue: Int, maxValue: Int, step: Int? = nil,
        sampling: HyperParameter.Sampling = .linear
    ) throws -> Int {
        let domain = HyperParameter.Domain.int(
            minValue: minValue, maxValue: maxValue, step: step ?? 1, sampling: sampling)
        return try converted(value(HyperParameter(name: name, domain: domain)), name)
    }

    /// A floating-point number.
    ///
    /// - Parameters:
    ///   - name: the name; asked for again, it has the same value.
    ///   - minValue: the smallest value.
    ///   - maxValue: the largest value, included if it is a whole number of steps away.
    ///   - step: the distance between values, above 0; with logarithmic sampling the factor between
    ///     them, above 1. Any value if left out.
    ///   - sampling: how values are drawn.
    /// - Throws: a ``HyperParameterError`` if the bounds are upside down, or the name was used with
    ///   others.
    public func float(
        _ name: String, minValue: Double, maxValue: Double, step: Double? = nil,
        sampling: HyperParameter.Sampling = .linear
    ) throws -> Double {
        let domain = HyperParameter.Domain.float(
            minValue: minValue, maxValue: maxValue, step: step, sampling: sampling)
        return try converted(value(HyperParameter(name: name, domain: domain)), name)
    }

    /// `true` or `false`.
    ///
    /// - Throws: a ``HyperParameterError`` if the name was used for something else.
    public func boolean(_ name: String) throws -> Bool {
        try choice(name, [false, true])
    }

    /// A value that is not searched, but is written down with the trial.
    ///
    /// - Throws: a ``HyperParameterError`` if the name was used for something else.
    @discardableResult
    public func fixed<Value: HyperParameterConvertible>(_ name: String, _ value: Value) throws
        -> Value
    {
        let domain = HyperParameter.Domain.fixed(value.hyperParameterValue)
        return try converted(self.value(HyperParameter(name: name, domain: domain)), name)
    }

    /// Hyperparameters that exist only where another one has one of some values.
    ///
    /// ```swift
    /// func momentum(_ hp: HyperParameters) throws -> Double {
    ///     _ = try hp.choice("optimizer", ["adam", "sgd"])
    ///     return try hp.conditionalScope("optimizer", ["sgd"]) {
    ///         try hp.float("momentum", minValue: 0, maxValue: 0.99)
    ///     } ?? 0
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - parent: the name of a hyperparameter that was asked for before.
    ///   - values: the values for which the scope is used.
    ///   - body: asks for the hyperparameters of the scope.
    /// - Returns: the result of `body`; `nil` if the parent has another value.
    /// - Throws: a ``HyperParameterError`` if the parent is not known or can have none of the
    ///   values, or what `body` throws.
    public func conditionalScope<Value: HyperParameterConvertible, Result>(
        _ parent: String, _ values: [Value], _ body: () throws -> Result
    ) throws -> Result? {
        guard let parameter = asked[parent], let value = self.values[parent] else {
            throw HyperParameterError(
                parent, "a conditional scope needs it, but it has not been asked for",
                fix: "ask for \(parent) before the scope")
        }
        let wanted = values.map(\.hyperParameterValue)
        for value in wanted { _ = try parameter.checked(value) }
        return wanted.contains(value) ? try body() : nil
    }

    /// The value of a hyperparameter that was asked for; `nil` if it was not, or is of another
    /// type.
    public func get<Value: HyperParameterConvertible>(
        _ name: String, as type: Value.Type = Value.self
    ) -> Value? {
        values[name].flatMap { Value(hyperParameterValue: $0) }
    }

    private func value(_ parameter: HyperParameter) throws -> HyperParameterValue {
        try parameter.check()
        if let known = asked[parameter.name] {
            guard known.domain == parameter.domain, let value = values[parameter.name] else {
                throw HyperParameterError(
                    parameter.name,
                    "it is \(known.domain), and is asked for again as \(parameter.domain)",
                    fix: "give each hyperparameter a name of its own, or the same values")
            }
            return value
        }
        let replaced = try replacements.replacing(parameter)
        let value = try draw(replaced)
        asked[parameter.name] = parameter
        space.append(replaced)
        values[parameter.name] = value
        return value
    }

    private func converted<Value: HyperParameterConvertible>(
        _ value: HyperParameterValue, _ name: String
    ) throws -> Value {
        guard let result = Value(hyperParameterValue: value) else {
            throw HyperParameterError(
                name, "its value \(value) is not of type \(Value.self)",
                fix: "use values of that type")
        }
        return result
    }
}
