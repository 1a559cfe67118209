/// A layer that can be created from its configuration, and so be saved and loaded.
///
/// Every layer of Strata is one. A custom layer becomes one with an initializer that reads its
/// ``Layer/config``, and with ``registerLayer(_:)``.
public protocol SerializableLayer: Layer {
    init(configuration: Configuration) throws(ConfigurationError)
}

extension Configuration {
    /// The layer's name, as every layer's configuration has it.
    public func layerName() throws(ConfigurationError) -> String? { try optionalString("name") }

    /// Whether the layer trains, as every layer's configuration has it.
    public func layerIsTrainable() throws(ConfigurationError) -> Bool {
        try bool("trainable", default: true)
    }

    /// Keras's `padding`.
    func padding(default fallback: Padding = .valid) throws(ConfigurationError) -> Padding {
        guard let name = try optionalString("padding") else { return fallback }
        guard let padding = Padding(rawValue: name.lowercased()) else {
            let known = Padding.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("padding", "\(name) is not one of \(known)")
        }
        return padding
    }

    /// Keras's `data_format`; channels last if there is none.
    func dataFormat() throws(ConfigurationError) -> DataFormat {
        guard let name = try optionalString("data_format") else { return .channelsLast }
        guard let format = DataFormat(rawValue: name.lowercased()) else {
            throw failure("data_format", "\(name) is neither channels_last nor channels_first")
        }
        return format
    }

    /// An activation by its name; linear if there is none.
    func activation(_ key: String) throws(ConfigurationError) -> ActivationFunction {
        guard let name = try optionalString(key) else { return .linear }
        guard let function = ActivationFunction(named: name) else {
            throw failure(key, "activation \(name) is not known")
        }
        return function
    }
}
