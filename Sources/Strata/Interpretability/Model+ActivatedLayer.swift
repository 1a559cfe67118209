extension Model {
    /// The layer whose output is a convolution's activated maps.
    ///
    /// That is the layer itself if it has an activation or no other follows; otherwise the
    /// following activation, perhaps after a normalization.
    ///
    /// - Throws: a ``ModelError`` if there is no such layer.
    package func activatedLayer(of name: String) throws -> String {
        var call = try call(of: name)
        if call.layer.hasActivation { return name }
        while let next = onlyReader(of: call) {
            if next.layer.hasActivation { return next.layer.name }
            guard next.layer.isNormalization else { break }
            call = next
        }
        return name
    }

    /// The layers with 2D filters whose output is feature maps, in the order of calls.
    package var convolutionNames: [String] {
        calls.filter { call in
            !(call.layer is Model) && call.outputs.first?.rank == 4
                && call.layer.weights.contains { $0.shape.count == 4 }
        }.map(\.layer.name)
    }

    /// The layers whose output for an image is feature maps, in the order of calls.
    package var mapLayerNames: [String] {
        calls.filter { $0.outputs.first?.rank == 4 }.map(\.layer.name)
    }

    /// The only call that reads the output of another one.
    private func onlyReader(of call: LayerCall) -> LayerCall? {
        let readers = calls.filter { reader in
            reader.inputs.contains { $0.producer as? LayerCall === call }
        }
        return readers.count == 1 ? readers[0] : nil
    }
}

extension Layer {
    fileprivate var isNormalization: Bool {
        self is BatchNormalization || self is LayerNormalization || self is GroupNormalization
    }

    /// Whether the layer has an activation other than linear.
    fileprivate var hasActivation: Bool {
        if self is ReLU || self is LeakyReLU || self is PReLU || self is ELU { return true }
        return ![nil, .null, .string("linear")].contains(config["activation"])
    }
}
