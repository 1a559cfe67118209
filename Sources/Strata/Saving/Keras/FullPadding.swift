/// Convolutions with padding `.full` in files.
///
/// Keras has no such padding. A file has an equivalent zero-padding layer and a convolution with
/// padding `valid` instead; when it is read, the two become one convolution again.
enum FullPadding {
    /// The suffix of the zero-padding layer's name, by which the pair is recognized.
    private static let suffix = "_full_padding"

    // MARK: Writing

    /// A model's configuration with two layers instead of each convolution with padding `.full`.
    static func divided(_ config: [String: JSONValue]) -> [String: JSONValue] {
        guard case .array(let layers)? = config["layers"] else { return config }
        var names = Set(layers.compactMap { Entry($0)?.name })
        var config = config
        config["layers"] = .array(
            layers.flatMap { layer -> [JSONValue] in
                guard let entry = Entry(layer), entry.padding == "full" else { return [layer] }
                var name = entry.name + suffix
                while !names.insert(name).inserted { name += "_" }
                return [entry.zeros(name), entry.valid(behind: name)]
            })
        return config
    }

    // MARK: Reading

    /// A model's configuration with one convolution instead of each such pair.
    static func joined(_ configuration: Configuration) -> Configuration {
        guard case .array(var layers)? = configuration.value("layers") else { return configuration }
        var paddings: [String: Int] = [:]
        for (index, layer) in layers.enumerated() {
            if let name = name(of: layer), name.contains(suffix) { paddings[name] = index }
        }
        if paddings.isEmpty { return configuration }
        var removed: Set<Int> = []
        for (index, layer) in layers.enumerated() {
            guard let entry = Entry(layer), entry.padding == "valid" else { continue }
            let source = entry.calls == nil ? precedingName(layers, index) : entry.sourceName
            guard let source, let padding = paddings[source],
                source.hasPrefix(entry.name + suffix),
                layers[padding]["config"]?["padding"] == entry.margins,
                layers[padding]["class_name"] == .string("ZeroPadding\(entry.rank)D"),
                entry.readsAll(of: source, in: configuration, made: layers[padding])
            else { continue }
            layers[index] = entry.full(calls: layers[padding]["inbound_nodes"])
            removed.insert(padding)
        }
        var members = configuration.members
        members["layers"] = .array(
            layers.enumerated().filter { !removed.contains($0.offset) }.map(\.element))
        return Configuration(members, path: configuration.path)
    }

    fileprivate static func name(of layer: JSONValue) -> String? {
        if case .string(let name)? = layer["config"]?["name"] { name } else { nil }
    }

    private static func precedingName(_ layers: [JSONValue], _ index: Int) -> String? {
        index > 0 ? name(of: layers[index - 1]) : nil
    }
}

/// A convolution as a model's configuration lists it.
private struct Entry {
    let name: String
    let rank: Int
    let padding: String
    private let members: [String: JSONValue]
    private let config: [String: JSONValue]
    /// The reach of the kernel beyond one element, along each spatial axis.
    private let extra: [Int]
    private let isChannelsFirst: Bool

    init?(_ layer: JSONValue) {
        guard case .object(let members) = layer,
            case .string(let className)? = members["class_name"],
            let rank = ["Conv1D": 1, "Conv2D": 2, "Conv3D": 3][className],
            case .object(let config)? = members["config"],
            case .string(let name)? = config["name"],
            case .string(let padding)? = config["padding"],
            let sizes = Self.sizes(config["kernel_size"], rank),
            let gaps = Self.sizes(config["dilation_rate"] ?? 1, rank)
        else { return nil }
        self.name = name
        self.rank = rank
        self.padding = padding
        self.members = members
        self.config = config
        var extra: [Int] = []
        for (size, gap) in zip(sizes, gaps) {
            let (reach, isTooLarge) = max(size - 1, 0).multipliedReportingOverflow(by: gap)
            if isTooLarge || reach < 0 || reach > 1 << 40 { return nil }
            extra.append(reach)
        }
        self.extra = extra
        isChannelsFirst = config["data_format"] == "channels_first"
    }

    private static func sizes(_ value: JSONValue?, _ rank: Int) -> [Int]? {
        switch value {
        case .integer(let size)?: return Array(repeating: size, count: rank)
        case .array(let items)?:
            let sizes = items.compactMap(\.integer)
            return sizes.count == rank ? sizes : nil
        case nil, .null?, .bool?, .number?, .string?, .object?: return nil
        }
    }

    /// The argument `padding` of the zero-padding layer.
    var margins: JSONValue {
        let pairs = extra.map { JSONValue([$0, $0]) }
        return rank == 1 ? pairs[0] : .array(pairs)
    }

    /// The calls of the layer; `nil` in a sequential model.
    var calls: [JSONValue]? {
        if case .array(let calls)? = members["inbound_nodes"] { calls } else { nil }
    }

    func zeros(_ name: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "module": "keras.layers", "class_name": .string("ZeroPadding\(rank)D"),
            "config": [
                "name": .string(name), "trainable": true, "dtype": config["dtype"] ?? "float32",
                "padding": margins,
                "data_format": .string(isChannelsFirst ? "channels_first" : "channels_last"),
            ],
            "registered_name": nil,
        ]
        members["build_config"] = self.members["build_config"]
        if let calls = self.members["inbound_nodes"] {
            members["name"] = .string(name)
            members["inbound_nodes"] = calls
        }
        return .object(members)
    }

    func valid(behind zeros: String) -> JSONValue {
        var members = members
        members["config"] = .object(config.merging(["padding": "valid"]) { $1 })
        if let shape = members["build_config"]?["input_shape"] {
            members["build_config"] = ["input_shape": padded(shape)]
        }
        if let calls {
            members["inbound_nodes"] = .array(
                calls.enumerated().map { index, call in
                    guard case .array(let arguments)? = call["args"],
                        var tensor = arguments.first?["config"]
                    else { return call }
                    tensor = tensor.with(
                        [
                            "shape": padded(tensor["shape"] ?? nil),
                            "keras_history": [.string(zeros), .integer(index), 0],
                        ])
                    return [
                        "args": [["class_name": "__keras_tensor__", "config": tensor]],
                        "kwargs": [:],
                    ]
                })
        }
        return .object(members)
    }

    private func padded(_ shape: JSONValue) -> JSONValue {
        guard case .array(var sizes) = shape, sizes.count == rank + 2 else { return shape }
        for (axis, extra) in extra.enumerated() {
            let index = axis + (isChannelsFirst ? 2 : 1)
            if let size = sizes[index].integer { sizes[index] = .integer(size + 2 * extra) }
        }
        return .array(sizes)
    }

    func full(calls: JSONValue?) -> JSONValue {
        var members = members
        members["config"] = .object(config.merging(["padding": "full"]) { $1 })
        if let calls { members["inbound_nodes"] = calls }
        return .object(members)
    }

    /// The layer whose first call the first call of this one reads.
    var sourceName: String? {
        if case .string(let name)? = calls?.first.flatMap(history)?.first { name } else { nil }
    }

    private func history(_ call: JSONValue) -> [JSONValue]? {
        guard case .array(let arguments)? = call["args"], arguments.count == 1,
            case .array(let history)? = arguments[0]["config"]?["keras_history"]
        else { return nil }
        return history
    }

    /// Whether each call of this layer reads the same call of another one, which nothing else reads.
    func readsAll(of name: String, in configuration: Configuration, made source: JSONValue) -> Bool
    {
        guard let calls else { return true }
        guard case .array(let made)? = source["inbound_nodes"], made.count == calls.count else {
            return false
        }
        let isInOrder = calls.enumerated().allSatisfy { index, call in
            history(call) == [.string(name), .integer(index), 0]
        }
        let own = source.count(of: name)
        let all = ["layers", "output_layers"].reduce(0) {
            $0 + (configuration.value($1)?.count(of: name) ?? 0)
        }
        return isInOrder && all == own + calls.count
    }
}

extension JSONValue {
    fileprivate func with(_ members: [String: JSONValue]) -> JSONValue {
        guard case .object(let own) = self else { return self }
        return .object(own.merging(members) { $1 })
    }

    /// The number of occurrences of a string in the value.
    fileprivate func count(of text: String) -> Int {
        switch self {
        case .string(let own): own == text ? 1 : 0
        case .array(let items): items.reduce(0) { $0 + $1.count(of: text) }
        case .object(let members): members.values.reduce(0) { $0 + $1.count(of: text) }
        case .null, .bool, .integer, .number: 0
        }
    }
}
