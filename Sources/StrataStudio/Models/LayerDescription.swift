#if Server
import Strata

/// A layer of a model as the page shows it.
struct LayerDescription {
    private let layer: Layer
    private let call: LayerCall
    private let calls: [LayerCall]
    private let field: ReceptiveField?

    /// - Parameters:
    ///   - call: the layer's last call.
    ///   - calls: all of them.
    ///   - field: the receptive field of the last one.
    init(_ call: LayerCall, _ calls: [LayerCall], _ field: ReceptiveField?) {
        layer = call.layer
        self.call = call
        self.calls = calls
        self.field = field
    }

    var json: JSONValue {
        .object([
            "name": .string(layer.name), "class": .string(type(of: layer).className),
            "kind": .string(LayerKind(layer).rawValue),
            "from": JSONValue(sources),
            "output": call.outputs.first.map { JSONValue(sample: $0.shape) } ?? .null,
            "parameters": .integer(layer.countParams()),
            "settings": .array(settings.map { [.string($0), .string($1)] }),
            "maps": JSONValue(mapCount), "filters": LayerFilters(layer)?.json ?? .null,
            "field": fieldJSON, "pooling": pooling,
        ])
    }

    /// The names of the layers that it reads, through operations without a layer.
    private var sources: [String] {
        var names: [String] = []
        var stack = Array(calls.flatMap(\.inputs).reversed())
        // A graph has more paths than nodes.
        var left = 10_000
        while let tensor = stack.popLast(), left > 0 {
            left -= 1
            if let source = tensor.producer as? LayerCall {
                if !names.contains(source.layer.name) { names.append(source.layer.name) }
            } else if let node = tensor.node {
                stack += node.inputs.reversed()
            }
        }
        return names
    }

    private var isChannelsFirst: Bool { layer.config["data_format"] == "channels_first" }

    private var mapCount: Int? {
        guard let shape = call.outputs.first?.shape, shape.rank == 4 else { return nil }
        return isChannelsFirst ? shape[1] : shape[3]
    }

    private var fieldJSON: JSONValue {
        if layer is InputLayer, mapCount != nil {
            return ["size": [1, 1], "stride": [1, 1], "start": [0, 0]]
        }
        guard let extents = field?.extents, extents.count == 2 else { return .null }
        return [
            "size": JSONValue(extents.map(\.size)), "stride": JSONValue(extents.map(\.stride)),
            "start": JSONValue(extents.map(\.start)),
        ]
    }

    private var pooling: JSONValue {
        let config = layer.config
        guard LayerKind(layer) == .pooling, let window = config["pool_size"] else { return .null }
        let isMax = type(of: layer).className.contains("Max")
        return [
            "type": isMax ? "max" : "average", "window": window,
            "strides": config["strides"] ?? window, "padding": config["padding"] ?? "valid",
        ]
    }

    /// What is worth showing, in this order: the member of Keras's configuration, its title, and the
    /// value that is not worth it.
    private static let shown: [(key: String, title: String, plain: JSONValue?)] = [
        ("filters", "filters", nil), ("units", "units", nil), ("kernel_size", "kernel", nil),
        ("pool_size", "window", nil), ("strides", "strides", nil), ("padding", "padding", nil),
        ("size", "size", nil), ("output_size", "output size", nil),
        ("dilation_rate", "dilation", [1, 1]), ("groups", "groups", 1),
        ("depth_multiplier", "multiplier", 1), ("use_bias", "bias", true),
        ("activation", "activation", "linear"), ("rate", "rate", nil), ("stddev", "deviation", nil),
        ("factor", "factor", nil), ("mode", "mode", nil), ("target_shape", "target", nil),
        ("height", "height", nil), ("width", "width", nil), ("scale", "scale", true),
        ("offset", "offset", 0), ("axis", "axis", nil), ("momentum", "momentum", nil),
        ("epsilon", "epsilon", nil), ("negative_slope", "slope", 0), ("max_value", "maximum", nil),
        ("data_format", "data format", "channels_last"),
    ]

    private var settings: [(String, String)] {
        let config = layer.config
        return Self.shown.compactMap { key, title, plain in
            guard let value = config[key], value != .null, value != plain,
                let text = Self.text(value)
            else { return nil }
            return (title, text)
        }
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .bool(let value): value ? "yes" : "no"
        case .integer(let value): "\(value)"
        case .number: value.text
        case .string(let value): value
        case .array(let items): items.compactMap(text).joined(separator: " × ")
        case .object: nil
        }
    }
}
#endif
