internal import StrataGraph

/// What a diagram of a model shows: boxes with lines of text, and which box feeds which.
struct ModelDiagram {
    struct Box {
        var title: String
        /// Pairs such as `Output shape` and `(None, 10)`.
        var lines: [(key: String, value: String)] = []
    }

    private(set) var boxes: [Box] = []
    /// From one box to another, by their numbers.
    private(set) var edges: [(from: Int, to: Int)] = []

    let options: DiagramOptions
    private var numbers: [ObjectIdentifier: Int] = [:]

    /// - Throws: a ``ModelError`` where the model does not know its input's shape yet.
    init(_ model: Model, _ options: DiagramOptions) throws {
        guard let wiring = model.wiring else { throw ModelError(.unbuilt(model: model.name)) }
        self.options = options
        // Keras leaves out where data enters a Sequential.
        if !(model is Sequential) {
            for input in wiring.inputs {
                if let call = input.producer as? LayerCall { add(call, isEntry: true) }
            }
        }
        for step in wiring.steps {
            let target: Int
            switch step {
            case .call(let call): target = add(call, isEntry: false)
            case .operation(let node): target = add(node)
            }
            for input in step.inputs {
                guard let source = number(of: input), source != target else { continue }
                if !edges.contains(where: { $0 == (source, target) }) {
                    edges.append((source, target))
                }
            }
        }
    }

    private func number(of tensor: SymbolicTensor) -> Int? {
        if let call = tensor.producer as? LayerCall { return numbers[ObjectIdentifier(call.layer)] }
        return tensor.node.flatMap { numbers[ObjectIdentifier($0)] }
    }

    @discardableResult
    private mutating func add(_ call: LayerCall, isEntry: Bool) -> Int {
        let layer = call.layer
        let key = ObjectIdentifier(layer)
        if let known = numbers[key] { return known }
        let className = type(of: layer).className
        var box = Box(title: options.layerNames ? "\(layer.name) (\(className))" : className)
        if options.activations, case .string(let name)? = layer.config["activation"] {
            box.lines.append(("Activation", name))
        }
        if options.shapes {
            if !isEntry { box.lines.append(("Input shape", text(call.inputs.map(\.shape)))) }
            box.lines.append(("Output shape", text(call.outputs.map(\.shape))))
        }
        if options.dtypes {
            box.lines.append(("Output dtype", layer.dtypePolicy.computeDType.rawValue))
        }
        if options.trainable, !layer.weights.isEmpty {
            box.lines.append(("Trainable", layer.isTrainable ? "True" : "False"))
        }
        return append(box, key)
    }

    private mutating func add(_ node: Node) -> Int {
        let key = ObjectIdentifier(node)
        if let known = numbers[key] { return known }
        var box = Box(title: node.operation.name)
        if options.shapes { box.lines.append(("Output shape", text(node.outputs.map(\.shape)))) }
        return append(box, key)
    }

    private mutating func append(_ box: Box, _ key: ObjectIdentifier) -> Int {
        numbers[key] = boxes.count
        boxes.append(box)
        return boxes.count - 1
    }

    private func text(_ shapes: [Shape]) -> String {
        let texts = shapes.map { shape in
            let dimensions = shape.dimensions.map { $0.map(String.init) ?? "None" }
            return "(" + dimensions.joined(separator: ", ") + (dimensions.count == 1 ? ",)" : ")")
        }
        return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    }
}

/// What a diagram says of each layer.
struct DiagramOptions {
    var shapes = false
    var dtypes = false
    var layerNames = false
    var activations = false
    var trainable = false
    var isLeftToRight = false
}
