/// The inner layers of one property: a layer, or a list of layers.
public enum TrackedLayers {
    case layer(String, Layer)
    case layers(String, [Layer])

    /// Keras's name in the paths of files.
    var name: String {
        switch self {
        case .layer(let name, _), .layers(let name, _): name
        }
    }

    var layers: [Layer] {
        switch self {
        case .layer(_, let layer): [layer]
        case .layers(_, let layers): layers
        }
    }
}

extension Layer {
    /// Why this layer may neither call another one nor read its weights: nobody would find them.
    final func trackingProblem(of layer: Layer) -> GraphError.Problem? {
        if layer === self || layer.weights.isEmpty || tracks(layer) { return nil }
        let name = layer.name
        return .invalidArgument(
            "it uses layer \(name) (\(type(of: layer).className)), which it does not track: "
                + "the weights of \(name) would be neither trained nor saved",
            fix: "override trackedLayers in \(type(of: self)) and list \(name) there")
    }

    /// The error of tracked layers with the same name, which would have one path in a file.
    final var trackedNameProblem: GraphError.Problem? {
        var names: Set<String> = []
        for tracked in trackedLayers {
            if let problem = LayerNames.problem(tracked.name) { return problem }
            guard names.insert(tracked.name).inserted else {
                return .invalidArgument(
                    "it tracks layers twice under the name \(tracked.name)",
                    fix: "give them different names in trackedLayers of \(type(of: self))")
            }
        }
        return nil
    }

    private func tracks(_ layer: Layer) -> Bool {
        sublayers.contains { $0 === layer || $0.tracks(layer) }
    }
}
