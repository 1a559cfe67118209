extension Model {
    /// The layer behind which a convolution's maps have passed its activation.
    ///
    /// That is the layer itself where it has an activation, or no other follows; else the activation that
    /// follows, perhaps behind a normalization.
    ///
    /// - Throws: a ``ModelError`` where there is no such layer.
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

    /// The layers with filters over two axes that make feature maps, in the order of their calls.
    package var convolutionNames: [String] {
        calls.filter { call in
            !(call.layer is Model) && call.outputs.first?.rank == 4
                && call.layer.weights.contains { $0.shape.count == 4 }
        }.map(\.layer.name)
    }

    /// The layers whose output for a picture is feature maps, in the order of their calls.
    package var mapLayerNames: [String] {
        calls.filter { $0.outputs.first?.rank == 4 }.map(\.layer.name)
    }

    /// The call that is the only one to read what another computes.
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

    /// Whether the layer ends in a function other than the identity.
    fileprivate var hasActivation: Bool {
        if self is ReLU || self is LeakyReLU || self is PReLU || self is ELU { return true }
        switch config["activation"] {
        case nil, .null, .string("linear"): return false
        default: return true
        }
    }
}
