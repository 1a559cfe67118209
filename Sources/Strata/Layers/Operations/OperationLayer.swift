internal import StrataGraph

/// An operation between the layers of a functional model: `x + y`, `2 * x`, `ops.mean(x)`.
///
/// In Strata's models they are graph nodes, unless they were read from a file. Keras 3.15.1
/// `Operation`.
final class OperationLayer: Layer {
    /// The operation as it is in the file.
    let object: SerializedObject
    private let body: KerasOperations.Body
    private let configuration: Configuration
    /// A call with its arguments, and its original text in the file.
    private var positional: [OperationArgument] = []
    private var named: [String: OperationArgument] = [:]
    private(set) var node: JSONValue?

    /// - Throws: if the class is unknown.
    init(_ object: SerializedObject, path: String) throws(ConfigurationError) {
        guard let body = KerasOperations.body(of: object.className) else {
            throw ConfigurationError(
                path: path,
                message: "operation \(object.className) outside of a layer is not known",
                cure: .init(
                    call:
                        "put it into a layer of your own, and register that with registerLayer"))
        }
        self.object = object
        self.body = body
        configuration = object.configuration(path: path)
        super.init(name: try configuration.layerName())
    }

    /// Operations compute in the type of their inputs.
    override var castsInputs: Bool { false }

    override var supportsMasking: Bool { true }

    /// Masks end at operations without a warning, as in Keras.
    override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    { nil }

    /// Takes the arguments of a call.
    ///
    /// - Returns: the sources of its tensors.
    func takeArguments(
        of node: JSONValue, path: String
    ) throws(ConfigurationError) -> [OperationArgument.Source] {
        let reader = try Configuration(node, path: path)
        var sources: [OperationArgument.Source] = []
        var (positional, named): ([OperationArgument], [String: OperationArgument]) = ([], [:])
        for (index, value) in try reader.array("args").enumerated() {
            let path = reader.path("args[\(index)]")
            positional.append(try OperationArgument(value, path, &sources))
        }
        if reader.value("kwargs") != nil {
            let keywords = try reader.object("kwargs")
            for (name, value) in keywords.members.sorted(by: { $0.key < $1.key }) {
                named[name] = try OperationArgument(value, keywords.path(name), &sources)
            }
        }
        guard self.node == nil || (self.positional, self.named) == (positional, named) else {
            throw ConfigurationError(
                path: path, message: "one operation is called with two kinds of arguments")
        }
        (self.node, self.positional, self.named) = (node, positional, named)
        return sources
    }

    override func call(_ inputs: [SymbolicTensor], _ context: CallContext) -> [SymbolicTensor] {
        let results = results(inputs)
        guard case .unknownDimension? = results.compactMap(\.error).first?.problem,
            inputs.contains(where: { $0.shape.known == nil })
        else { return results }
        return placeholders(inputs) ?? results
    }

    private func results(_ inputs: [SymbolicTensor]) -> [SymbolicTensor] {
        let arguments = OperationArguments(
            configuration: configuration, positional: positional, named: named, tensors: inputs)
        do {
            return try body(arguments)
        } catch let problem as GraphError.Problem {
            return [SymbolicTensor(failure: GraphError(problem))]
        } catch {
            return [
                SymbolicTensor(
                    failure: GraphError(
                        .invalidArgument("\(error)", fix: "mend the operation's arguments")))
            ]
        }
    }

    /// Placeholders of the results until all dimensions are known: a dimension is unknown if it
    /// changes with the inputs' unknown ones.
    private func placeholders(_ inputs: [SymbolicTensor]) -> [SymbolicTensor]? {
        // Both have many divisors, since operations divide axes.
        let trials = [720, 1440].map { length in
            results(
                inputs.map {
                    .placeholder(Shape($0.shape.dimensions.map { $0 ?? length }), $0.dtype)
                })
        }
        guard (trials[0] + trials[1]).allSatisfy({ $0.error == nil }),
            trials[0].count == trials[1].count
        else { return nil }
        return zip(trials[0], trials[1]).map { first, second in
            let dimensions = zip(first.shape.dimensions, second.shape.dimensions)
            return .placeholder(Shape(dimensions.map { $0 == $1 ? $0 : nil }), first.dtype)
        }
    }
}
