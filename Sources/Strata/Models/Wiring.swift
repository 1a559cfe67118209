package import StrataGraph

/// The wiring of a model: the layer calls between its inputs and outputs.
package struct Wiring {
    /// One step of a replay: a layer's call, or an operation applied to tensors directly.
    package enum Step {
        case call(LayerCall)
        case operation(Node)

        package var inputs: [SymbolicTensor] {
            switch self {
            case .call(let call): call.inputs
            case .operation(let node): node.inputs
            }
        }

        fileprivate var identity: ObjectIdentifier {
            switch self {
            case .call(let call): ObjectIdentifier(call)
            case .operation(let node): ObjectIdentifier(node)
            }
        }

        /// The number of Keras's operations between an input and the result: a node can be several.
        fileprivate func distance(toInput number: Int) -> Int {
            switch self {
            // Keras has two layers for it.
            case .call(let call): call.layer.isFullConvolution ? 2 : 1
            case .operation(let node): node.kerasCalls?.distance(toInput: number) ?? 1
            }
        }

        /// Calls of one layer share a position in the order of layers.
        fileprivate var caller: ObjectIdentifier {
            switch self {
            case .call(let call): ObjectIdentifier(call.layer)
            case .operation(let node): ObjectIdentifier(node)
            }
        }
    }

    /// A tensor of the wiring, compared by its origin.
    struct Key: Hashable {
        var step: ObjectIdentifier
        var output: Int
    }

    package let inputs: [SymbolicTensor]
    package let outputs: [SymbolicTensor]
    /// Inputs before their users.
    package let steps: [Step]
    /// Each layer once, in Keras's order: by depth, then by the order of a walk from the outputs.
    let layers: [Layer]

    /// - Throws: the first error that an output carries; if an output depends on an input that is
    ///   not given; if two layers have one name.
    init(inputs: [SymbolicTensor], outputs: [SymbolicTensor]) throws(GraphError) {
        for tensor in inputs + outputs {
            if let error = tensor.completed.error { throw error }
        }
        self.inputs = inputs
        self.outputs = outputs
        var walk = Walk(stops: Set(inputs.compactMap(Wiring.key)))
        for output in outputs { try walk.visit(output) }
        steps = walk.finished
        let wired = walk.layers(inputs: inputs)
        layers = wired
        var names: Set<String> = []
        for layer in wired where !names.insert(layer.name).inserted {
            throw GraphError(
                .invalidArgument(
                    "two layers are called \(layer.name)", fix: "give one of them another name"))
        }
    }

    fileprivate static func step(_ tensor: SymbolicTensor) -> Step? {
        if let call = tensor.producer as? LayerCall { return .call(call) }
        return tensor.node.map { .operation($0) }
    }

    fileprivate static func key(_ tensor: SymbolicTensor) -> Key? {
        if let call = tensor.producer as? LayerCall {
            return Key(step: ObjectIdentifier(call), output: tensor.producerOutput)
        }
        guard case .value(let node, let output) = tensor.content else { return nil }
        return Key(step: ObjectIdentifier(node), output: output)
    }

    /// The outputs for other values of the inputs.
    ///
    /// - Parameter pass: receives each call's results and returns their replacement.
    func replay(
        _ values: [SymbolicTensor], _ context: CallContext,
        passing pass: (LayerCall, [SymbolicTensor]) -> [SymbolicTensor] = { $1 }
    ) -> [SymbolicTensor] {
        var known: [Key: SymbolicTensor] = [:]
        for (input, value) in zip(inputs, values) {
            if let key = Wiring.key(input) { known[key] = value }
        }
        for step in steps {
            let arguments = step.inputs.map { Wiring.key($0).flatMap { known[$0] } ?? $0 }
            var results: [SymbolicTensor]
            switch step {
            case .operation(let node):
                results = SymbolicTensor.applying(node.operation, arguments)
            case .call(let call):
                results = call.layer.trace(arguments, context)
                if let error = results.compactMap(\.error).first {
                    let chain = chain(to: call.inputs.first, known)
                    return [SymbolicTensor(failure: call.layer.named(error, chain))]
                }
                results = pass(call, results)
            }
            for (output, result) in results.enumerated() {
                known[Key(step: step.identity, output: output)] = result
            }
        }
        return outputs.map { Wiring.key($0).flatMap { known[$0] } ?? $0 }
    }

    /// The layers on the path to a tensor, with the shapes of this replay.
    private func chain(to tensor: SymbolicTensor?, _ known: [Key: SymbolicTensor])
        -> [GraphError.Link]
    {
        var links: [GraphError.Link] = []
        var current = tensor
        while let tensor = current, let call = tensor.producer as? LayerCall {
            let value = Wiring.key(tensor).flatMap { known[$0] } ?? tensor
            links.append(GraphError.Link(call.layer.name, value.shape))
            current = call.inputs.first
        }
        return links.reversed()
    }
}

/// The traversal from the outputs to the inputs that finds the steps and their depths.
///
/// The order of layers is that of Keras 3.15.1's `map_graph_network`, which determines the order of
/// weights in files.
private struct Walk {
    let stops: Set<Wiring.Key>
    private(set) var finished: [Wiring.Step] = []
    private var isFinished: Set<ObjectIdentifier> = []
    private var order: [ObjectIdentifier: Int] = [:]

    init(stops: Set<Wiring.Key>) {
        self.stops = stops
    }

    mutating func visit(_ output: SymbolicTensor) throws(GraphError) {
        guard let root = Wiring.step(output) else { return }
        // An explicit stack: a deep model must not overflow the thread's.
        var stack = [
            (step: root, next: 0, isStop: Wiring.key(output).map(stops.contains) == true)
        ]
        while let (step, next, isStop) = stack.popLast() {
            if next == 0 {
                if isFinished.contains(step.identity) { continue }
                if order[step.caller] == nil { order[step.caller] = order.count }
                if !isStop, step.inputs.isEmpty { try checkLeaf(step) }
            }
            if !isStop, next < step.inputs.count {
                stack.append((step, next + 1, isStop))
                let input = step.inputs[next]
                if let source = Wiring.step(input), !isFinished.contains(source.identity) {
                    let stops = Wiring.key(input).map(stops.contains) == true
                    stack.append((source, 0, stops))
                }
                continue
            }
            isFinished.insert(step.identity)
            if !isStop { finished.append(step) }
            all.append(step)
        }
    }

    private var all: [Wiring.Step] = []

    private func checkLeaf(_ step: Wiring.Step) throws(GraphError) {
        switch step {
        case .call(let call):
            throw GraphError(
                .invalidArgument(
                    "an output depends on the input \(call.layer.name), which is not among the "
                        + "model's inputs", fix: "add it to the inputs"))
        case .operation:
            return
        }
    }

    func layers(inputs: [SymbolicTensor]) -> [Layer] {
        var depth: [ObjectIdentifier: Int] = [:]
        var layerDepth: [ObjectIdentifier: Int] = [:]
        var layers: [ObjectIdentifier: Layer] = [:]
        var order = order
        for step in all.reversed() {
            let own = max(depth[step.identity] ?? 0, layerDepth[step.caller] ?? 0)
            depth[step.identity] = own
            layerDepth[step.caller] = own
            if case .call(let call) = step { layers[step.caller] = call.layer }
            for (number, input) in step.inputs.enumerated() {
                guard let source = Wiring.step(input) else { continue }
                depth[source.identity] = max(
                    own + step.distance(toInput: number), depth[source.identity] ?? 0)
            }
        }
        for input in inputs {
            guard let call = input.producer as? LayerCall else { continue }
            let key = ObjectIdentifier(call.layer)
            guard layers[key] == nil else { continue }
            layers[key] = call.layer
            layerDepth[key] = 0
            order[key] = -1
        }
        return layers.keys.sorted { a, b in
            let (first, second) = (layerDepth[a] ?? 0, layerDepth[b] ?? 0)
            return first != second ? first > second : (order[a] ?? 0) < (order[b] ?? 0)
        }.compactMap { layers[$0] }
    }
}
