package import StrataGraph

/// A call by name and attributes, near to one that works: what a careless or hostile caller asks for.
package struct RandomCall: Sendable, CustomStringConvertible {
    package var name: String
    package var attributes: [String: AttributeValue]
    package var inputs: [TensorType]

    package var description: String { "\(name) \(attributes) of \(inputs)" }
}

/// Draws calls: those of the table of operations, of which some parts are replaced by others.
package struct RandomCalls {
    private var generator: SplitMix
    private let calls: [RandomCall]
    private let attributes: [(name: String, value: AttributeValue)]
    private let sizes: [Int?]

    /// - Parameter sizes: what dimensions and integers are drawn from.
    package init(seed: UInt64, sizes: [Int?]) throws {
        generator = SplitMix(seed: seed)
        self.sizes = sizes
        var calls: [String: [RandomCall]] = [:]
        for item in OperationCases.all {
            let trace = item.traced()
            let graph = try Graph(outputs: trace.outputs + trace.gradients)
            for node in graph.nodes {
                let name = node.operation.name
                calls[name, default: []].append(
                    RandomCall(
                        name: name, attributes: node.operation.attributes,
                        inputs: node.inputs.map { graph[$0] }))
            }
        }
        // As many of each name, in an order that is always the same.
        self.calls = calls.keys.sorted().flatMap { name in
            let own = calls[name] ?? []
            return (0..<24).map { own[$0 * own.count / 24] }
        }
        attributes = self.calls.flatMap { call in
            call.attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }

    package mutating func next() -> RandomCall {
        var call = calls[below(calls.count)]
        // A third of all calls is right but for their values.
        for _ in 0..<below(3) { change(&call) }
        return call
    }

    private mutating func change(_ call: inout RandomCall) {
        let names = call.attributes.keys.sorted()
        switch below(9) {
        case 0: call.name = below(4) == 0 ? "" : calls[below(calls.count)].name
        case 1: if let name = pick(names) { call.attributes[name] = nil }
        case 2, 3: if let name = pick(names) { call.attributes[name] = value() }
        case 4:
            let other = attributes[below(attributes.count)]
            call.attributes[other.name] = other.value
        case 5: if !call.inputs.isEmpty { call.inputs.remove(at: below(call.inputs.count)) }
        case 6: call.inputs.append(type())
        default:
            if let index = pick(Array(call.inputs.indices)) { call.inputs[index] = type() }
        }
    }

    private mutating func value() -> AttributeValue {
        switch below(8) {
        case 0: .bool(below(2) == 0)
        case 1: .int(size() ?? 0)
        case 2: .float(pick([0, 0.5, -1, 1e300, .nan, .infinity]) ?? 0)
        case 3: .string(pick(["", "same", "valid", "full", "sum", "maximum"]) ?? "")
        case 4: .shape(shape())
        case 5: .dtype(pick(DType.allCases) ?? .bool)
        default: .ints(shape().dimensions.map { $0 ?? -1 })
        }
    }

    private mutating func type() -> TensorType {
        TensorType(shape(), pick(DType.allCases) ?? .bool)
    }

    private mutating func shape() -> Shape { Shape((0..<below(6)).map { _ in size() }) }

    private mutating func size() -> Int? { sizes[below(sizes.count)] }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    private mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &generator)
    }
}
