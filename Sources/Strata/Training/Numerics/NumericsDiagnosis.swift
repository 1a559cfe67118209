internal import StrataGraph

/// Finds the operation of a step in which a value that is not finite first arose.
///
/// The step is computed again, without updates, so that each operation tells whether its result is
/// finite. From the value that was found, the way back goes through results that are not finite; it
/// ends at an operation whose operands all are. An infinity that a later operation discards is thus
/// not taken for the cause.
struct NumericsDiagnosis {
    private let step: StepGraph
    private let feed: (StepRunner) -> Void
    private let origins = NodeOrigins()
    private let names: WeightNames

    /// - Parameters:
    ///   - step: the step, whose variables have their values of before it.
    ///   - feed: gives the step's inputs to a runner.
    init(_ step: StepGraph, feed: @escaping (StepRunner) -> Void) {
        self.step = step
        self.feed = feed
        names = WeightNames(step.model)
    }

    /// An output of an operation, by the operation's place in the order.
    private struct Value: Hashable {
        var number: Int
        var output: Int
    }

    /// The origin of what is not finite in the loss, else in new values, else in predictions.
    ///
    /// - Returns: `nil` if all of these are finite here.
    func origin() throws -> NumericsError.Origin? {
        let results = try step.results(noting: origins)
        let groups = [
            results.total.map { [$0] } ?? [], results.updates.map(\.value), results.predictions,
        ]
        let nodes = NodeOrder(groups.flatMap(\.self))
        let bad = try notFinite(nodes)
        for group in groups {
            let found = group.filter { tensor in nodes.value(tensor).map(bad.contains) == true }
            if let origin = first(before: found, nodes, bad) {
                return try described(nodes.nodes[origin.number], output: origin.output)
            }
        }
        return nil
    }

    /// The operations from inputs to users, each with a number.
    private struct NodeOrder {
        private(set) var nodes: [Node] = []
        private var numbers: [NodeReference: Int] = [:]

        init(_ results: [SymbolicTensor]) {
            var stack = results.compactMap(\.node).reversed().map { (node: $0, next: 0) }
            while let (node, next) = stack.popLast() {
                if numbers[NodeReference(node)] != nil { continue }
                if next < node.inputs.count {
                    stack.append((node, next + 1))
                    if let input = node.inputs[next].node { stack.append((input, 0)) }
                    continue
                }
                numbers[NodeReference(node)] = nodes.count
                nodes.append(node)
            }
        }

        func value(_ tensor: SymbolicTensor) -> Value? {
            guard case .value(let node, let output) = tensor.content,
                let number = numbers[NodeReference(node)]
            else { return nil }
            return Value(number: number, output: output)
        }
    }

    /// The results that are not finite.
    private func notFinite(_ order: NodeOrder) throws -> Set<Value> {
        var values: [Value] = []
        var flags: [SymbolicTensor] = []
        for (number, node) in order.nodes.enumerated() {
            for (output, type) in node.outputs.enumerated() where type.dtype.isFloatingPoint {
                guard type.shape.elementCount ?? 0 > 0 else { continue }
                values.append(Value(number: number, output: output))
                flags.append(
                    Ops.isfinite(SymbolicTensor(node, output: output).cast(to: .float32)).min())
            }
        }
        let computed = try computed(flags)
        return Set(zip(values, computed).filter { $1.scalars.first != 1 }.map(\.0))
    }

    private func computed(_ tensors: [SymbolicTensor]) throws -> [Tensor] {
        let runner = try StepRunner(Graph(outputs: tensors))
        feed(runner)
        try runner.run()
        return runner.outputTensors
    }

    /// The first of the bad results that come from finite ones alone, on the ways to `results`.
    private func first(
        before results: [SymbolicTensor], _ order: NodeOrder, _ bad: Set<Value>
    ) -> Value? {
        var stack = results.compactMap { order.value($0) }
        var seen = Set(stack)
        var found: [Value] = []
        while let value = stack.popLast() {
            let earlier = order.nodes[value.number].inputs.compactMap { order.value($0) }
                .filter { bad.contains($0) }
            if earlier.isEmpty { found.append(value) }
            stack += earlier.filter { seen.insert($0).inserted }
        }
        return found.min { rank($0, order) < rank($1, order) }
    }

    /// The position of an operation in the course of a step: what is there before, then by its parts.
    private func rank(_ value: Value, _ order: NodeOrder) -> (Int, Int) {
        let place = origins[order.nodes[value.number]]
        let part = place.flatMap { NumericsError.Pass.allCases.firstIndex(of: $0.pass) }
        return (part.map { $0 + 1 } ?? 0, value.number)
    }

    private func described(_ node: Node, output: Int) throws -> NumericsError.Origin {
        let operands = node.inputs.filter(\.dtype.isFloatingPoint)
        let tensors = try computed([SymbolicTensor(node, output: output)] + operands)
            .map { $0.cast(to: .float32) }
        let (index, value) = tensors[0].firstNotFinite ?? ([], .nan)
        let place = origins[node]
        var (layer, weight) = (place?.layer, place?.weight)
        if case .variable(let variable) = node.operation {
            (layer, weight) = names[variable]
        }
        return NumericsError.Origin(
            pass: node.operation.definition == nil ? nil : place?.pass ?? .forward, layer: layer,
            weight: weight, operation: node.operation.name, index: index, value: value,
            operands: Self.text(of: Array(tensors.dropFirst()), at: index, in: tensors[0].shape))
    }

    /// The operands of an element where each is one number, else their ranges.
    private static func text(of operands: [Tensor], at index: [Int], in shape: [Int]) -> String {
        let texts = operands.map { operand in
            let values = operand.scalars
            if values.count == 1 { return "\(values[0])" }
            if operand.shape == shape {
                let offset = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
                return "\(values[offset])"
            }
            return "\(values.min() ?? .nan) to \(values.max() ?? .nan)"
        }
        return texts.isEmpty ? "no operands" : texts.joined(separator: " and ")
    }
}

/// The layers of a model's variables, for errors.
struct WeightNames {
    private var names: [Variable: (layer: String?, weight: String?)] = [:]

    init(_ model: Model) {
        add(model, path: nil)
        guard let state = model.compilation?.optimizerState else { return }
        for (weight, slots) in zip(state.weights, state.slots) {
            for slot in slots { names[slot] = (self[weight].layer, slot.name) }
        }
    }

    private mutating func add(_ layer: Layer, path: String?) {
        for variable in layer.variables { names[variable] = (path, variable.name) }
        for inner in layer.sublayers {
            add(inner, path: [path, inner.name].compactMap(\.self).joined(separator: "/"))
        }
    }

    subscript(variable: Variable) -> (layer: String?, weight: String?) {
        names[variable] ?? (nil, variable.name)
    }

    /// `kernel of layer dense`.
    func sentence(_ variable: Variable) -> String {
        let (layer, weight) = self[variable]
        return NumericsError.holder(weight: weight, layer: layer)
    }
}
