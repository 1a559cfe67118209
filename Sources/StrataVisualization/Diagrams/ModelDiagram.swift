internal import Strata

/// The contents of a model diagram: boxes with lines of text, and edges.
struct ModelDiagram {
    struct Box {
        var title: String
        /// Pairs such as `Output shape` and `[?, 10]`.
        var lines: [(key: String, value: String)] = []
    }

    /// A nested model.
    struct Group {
        var name: String
        var parent: Int?
        /// The boxes that it directly contains.
        var boxes: [Int] = []
    }

    private(set) var boxes: [Box] = []
    /// From one box to another, by index.
    private(set) var edges: [(from: Int, to: Int)] = []
    /// Models whose layers are shown, each after the one that contains it.
    private(set) var groups: [Group] = []

    let options: DiagramOptions
    private var numbers: [ObjectIdentifier: Int] = [:]
    private var groupNumbers: [ObjectIdentifier: Int] = [:]

    /// - Throws: a ``ModelError`` if the model's input shape is not known yet.
    init(_ model: Model, _ options: DiagramOptions) throws {
        guard let wiring = model.wiring else { throw ModelError(.unbuilt(model: model.name)) }
        self.options = options
        add(model, wiring, fedBy: nil, group: nil)
    }

    /// - Parameter sources: the boxes that feed the model's inputs; `nil` for the whole model.
    private mutating func add(
        _ model: Model, _ wiring: Wiring, fedBy sources: [Int?]?, group: Int?
    ) {
        for (index, input) in wiring.inputs.enumerated() {
            guard let call = input.producer as? LayerCall else { continue }
            let source = sources?[index]
            if model is Sequential {
                // Keras omits the input of a Sequential.
                if let source { numbers[ObjectIdentifier(call.layer)] = source }
            } else {
                let entry = add(call, isEntry: true, group: group)
                if let source { connect(source, entry) }
            }
        }
        for step in wiring.steps {
            let sources = step.inputs.map(number)
            let target: Int
            switch step {
            case .call(let call):
                if let inner = call.layer as? Model, let wiring = expanded(inner) {
                    add(inner, wiring, fedBy: sources, group: number(of: inner, in: group))
                    continue
                }
                target = add(call, isEntry: false, group: group)
            case .operation(let node): target = add(node, group: group)
            }
            for source in sources.compactMap(\.self) where source != target {
                connect(source, target)
            }
        }
    }

    /// The connections of a model's layers, if they are shown.
    private func expanded(_ model: Model) -> Wiring? { options.nested ? model.wiring : nil }

    private mutating func number(of model: Model, in parent: Int?) -> Int {
        if let known = groupNumbers[ObjectIdentifier(model)] { return known }
        groupNumbers[ObjectIdentifier(model)] = groups.count
        groups.append(Group(name: model.name, parent: parent))
        return groups.count - 1
    }

    private mutating func connect(_ source: Int, _ target: Int) {
        if !edges.contains(where: { $0 == (source, target) }) { edges.append((source, target)) }
    }

    private func number(of tensor: SymbolicTensor) -> Int? {
        guard let call = tensor.producer as? LayerCall else {
            return tensor.node.flatMap { numbers[ObjectIdentifier($0)] }
        }
        if let inner = call.layer as? Model, let wiring = expanded(inner) {
            return number(of: wiring.outputs[tensor.producerOutput])
        }
        return numbers[ObjectIdentifier(call.layer)]
    }

    @discardableResult
    private mutating func add(_ call: LayerCall, isEntry: Bool, group: Int?) -> Int {
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
        return append(box, key, group)
    }

    private mutating func add(_ node: Node, group: Int?) -> Int {
        let key = ObjectIdentifier(node)
        if let known = numbers[key] { return known }
        var box = Box(title: node.operation.label)
        if options.shapes { box.lines.append(("Output shape", text(node.outputs.map(\.shape)))) }
        return append(box, key, group)
    }

    private mutating func append(_ box: Box, _ key: ObjectIdentifier, _ group: Int?) -> Int {
        numbers[key] = boxes.count
        if let group { groups[group].boxes.append(boxes.count) }
        boxes.append(box)
        return boxes.count - 1
    }

    private func text(_ shapes: [Shape]) -> String {
        let texts = shapes.map(\.description)
        return texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    }
}

/// The contents of a layer's box.
struct DiagramOptions {
    var shapes = false
    var dtypes = false
    var layerNames = false
    var activations = false
    var trainable = false
    var isLeftToRight = false
    /// Whether layers of nested models are shown.
    var nested = false
}
