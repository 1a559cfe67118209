package import StrataGraph

/// Computes a graph from the definitions of its operations, in `Double`, one node after the other.
///
/// This is the oracle of the engine's and of the gradients' tests: short, plain, slow. It shares
/// nothing with the engine, and of the graph it uses only the nodes. Floating-point types are not
/// rounded to; whole-number types are.
package struct ReferenceInterpreter {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    package let graph: Graph
    private var results: [Graph.Value: ReferenceTensor] = [:]

    /// Computes all nodes.
    ///
    /// - Parameters:
    ///   - inputs: by name.
    ///   - variables: values to use instead of the variables' own.
    ///   - rounding: disturbs every value as a type of few digits would, to see what that does.
    package init(
        _ graph: Graph, inputs: [String: ReferenceTensor] = [:],
        variables: [Variable: ReferenceTensor] = [:], rounding: Rounding? = nil
    ) throws {
        var rounding = rounding
        self.graph = graph
        for (number, node) in graph.nodes.enumerated() {
            let sources = try node.inputs.map { try self[$0] }
            let leaf = try Reference.leaf(node.operation, inputs, variables)
            let values =
                leaf.map { [$0] }
                ?? Reference.evaluate(
                    node.operation, sources, shapes(of: node))
            for (output, value) in values.enumerated() {
                let type = node.outputs[output]
                guard value.shape == type.shape.known else {
                    throw Failure(
                        description: "\(node.operation.name) has the type \(type), "
                            + "but its definition gives \(value.shape)")
                }
                let rounded = value.rounded(to: type.dtype)
                results[Graph.Value(node: number, output: output)] =
                    rounding?.disturbed(
                        rounded, type.dtype, terms: node.operation.terms(sources)) ?? rounded
            }
        }
    }

    private func shapes(of node: Graph.Call) -> [[Int]] {
        node.outputs.map { $0.shape.known ?? [] }
    }

    package subscript(value: Graph.Value) -> ReferenceTensor {
        get throws {
            guard let result = results[value] else {
                let name = graph.nodes[value.node].operation.name
                throw Failure(description: "\(name) has no value")
            }
            return result
        }
    }

    package var outputs: [ReferenceTensor] {
        get throws { try graph.outputs.map { try self[$0] } }
    }

    /// The values that the updates give.
    package var updates: [Variable: ReferenceTensor] {
        get throws {
            var result: [Variable: ReferenceTensor] = [:]
            for update in graph.updates { result[update.variable] = try self[update.value] }
            return result
        }
    }
}

extension ReferenceTensor {
    /// Whole numbers for types that have no others; what does not fit is brought to the end.
    fileprivate func rounded(to dtype: DType) -> ReferenceTensor {
        switch dtype {
        case .float32, .bfloat16: self
        case .int32: map { $0.whole(-2_147_483_648, 2_147_483_647) }
        case .uint8: map { $0.whole(0, 255) }
        case .bool: map { $0 == 0 ? 0 : 1 }
        }
    }
}

extension Double {
    fileprivate func whole(_ low: Double, _ high: Double) -> Double {
        isNaN ? 0 : Swift.min(Swift.max(rounded(.towardZero), low), high)
    }
}

/// The definitions of the operations, in files by family.
enum Reference {
    /// What a value from outside is; `nil` for operations, and for inputs that have none.
    static func leaf(
        _ operation: Operation, _ inputs: [String: ReferenceTensor],
        _ variables: [Variable: ReferenceTensor]
    ) throws -> ReferenceTensor? {
        if case .input(let name) = operation { return inputs[name] }
        if case .variable(let variable) = operation {
            return try variables[variable] ?? ReferenceTensor(variable.value)
        }
        if case .constant(let tensor) = operation { return ReferenceTensor(tensor) }
        return nil
    }

    /// What an operation gives; `shapes` are those of its outputs, for operations that need them.
    static func evaluate(_ operation: Operation, _ x: [ReferenceTensor], _ shapes: [[Int]])
        -> [ReferenceTensor]
    {
        switch operation {
        case .input, .variable, .constant: x
        case .unary(let function): [x[0].map { value(function, $0) }]
        case .binary(let function): [combine(x[0], x[1]) { value(function, $0, $1) }]
        case .select: [select(x[0], x[1], x[2])]
        case .cast: [x[0]]
        case .dropout(let dropout):
            [self.dropout(dropout, x[0], step: x[1], firstRow: x.dropFirst(2).first)]
        case .randomUniform(let random):
            [self.random(random, step: x[0], firstRow: x.dropFirst().first)]
        case .reduction(let reduction): [reduce(reduction, x[0])]
        case .argMax(let argMax): [self.argMax(argMax, x[0])]
        case .cumulativeSum(let sum): [cumulativeSum(sum, x[0])]
        case .gridSample(let gridSample): [self.resample(gridSample, x[0], places: x[1])]
        case .gridSampleBackward(let backward):
            [self.resampleBackward(backward, x[0], places: x[1], shape: shapes[0])]
        case .equalization(let equalization): [self.equalize(equalization, x[0])]
        case .inTopK(let inTopK): [self.inTopK(inTopK, x[0], classes: x[1])]
        case .softmax(let softmax): [self.softmax(softmax, x[0])]
        case .oneHot(let oneHot): [self.oneHot(oneHot, x[0])]
        case .gather: [gather(x[0], x[1])]
        case .scatterAdd(let scatter): [scatterAdd(x[0], x[1], rows: scatter.rows)]
        case .reshape: [ReferenceTensor(x[0].values, shape: shapes[0])]
        case .transpose(let transpose): [self.transpose(transpose.order, x[0])]
        case .broadcast(let broadcast): [x[0].broadcast(to: broadcast.shape.known ?? [])]
        case .pad(let pad): [self.pad(pad, x[0])]
        case .slice(let slice): [self.slice(slice, x[0])]
        case .concatenate(let concatenate): [self.concatenate(x, axis: concatenate.axis)]
        case .matMul: [matMul(x[0], x[1])]
        case .innerProduct: [innerProduct(x[0], x[1], bias: x.count == 3 ? x[2] : nil)]
        case .innerProductBackwardData(let backward):
            [innerProductBackwardData(x[0], x[1], shape: backward.shape.known ?? [])]
        case .innerProductBackwardWeights(let backward):
            innerProductBackwardWeights(x[0], x[1], hasBias: backward.hasBias)
        case .convolution(let convolution):
            [self.convolution(convolution, x[0], x[1], bias: x.count == 3 ? x[2] : nil)]
        case .convolutionBackwardData(let backward):
            [
                convolutionBackwardData(
                    backward.convolution, x[0], x[1], shape: backward.shape.known ?? [])
            ]
        case .convolutionBackwardWeights(let backward):
            convolutionBackwardWeights(
                backward.convolution, x[0], x[1], kernelShape: backward.kernelShape.known ?? [],
                hasBias: backward.hasBias)
        case .pooling(let pooling): [self.pooling(pooling, x[0])]
        case .poolingBackward(let backward): [poolingBackward(backward, x)]
        case .batchNormalization(let normalization): batchNormalization(normalization, x)
        case .batchNormalizationBackward(let backward): batchNormalizationBackward(backward, x)
        case .hostCall(let call): hostCall(call.function, x)
        case .gradientOverride: [x[0]]
        }
    }
}
