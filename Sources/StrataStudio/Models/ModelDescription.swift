#if Server
import HTTPTypes
import Strata

/// A model as the page shows it: what it takes and gives, and its layers.
struct ModelDescription {
    let model: Model
    /// A picture whose size open sizes have, if there is one.
    let sample: Tensor?

    var json: [String: JSONValue] {
        let abilities = ModelAbilities(model)
        return [
            "takesPictures": .bool(abilities.noPictures == nil),
            "classifies": .bool(abilities.why == nil),
            "why": JSONValue(text: abilities.why),
            "inputs": .array(
                zip(model.inputNames, model.inputShapes).map {
                    ["name": .string($0), "shape": JSONValue(sample: $1)]
                }),
            "outputs": .array(
                zip(model.outputNames, model.outputShapes).map {
                    ["name": .string($0), "shape": JSONValue(sample: $1)]
                }),
            "classes": model.classNames.map { JSONValue($0) } ?? .null,
            "classCount": JSONValue(abilities.classCount),
            "parameters": [
                "total": .integer(model.countParams()),
                "trainable": .integer(model.trainableWeights.reduce(0) { $0 + $1.count }),
            ],
            "camLayer": JSONValue(text: try? Self.camLayer(of: model)),
            "layers": .array(layers),
        ]
    }

    /// The last layer with maps behind a convolution, the most informative one for Grad-CAM.
    static func camLayer(of model: Model) throws(StudioError) -> String {
        guard let last = model.convolutionNames.last else {
            throw StudioError(
                .badRequest, "the model has no layer with feature maps, which Grad-CAM needs")
        }
        return (try? model.activatedLayer(of: last)) ?? last
    }

    /// A layer that is called several times is one, which reads the inputs of all calls.
    private var layers: [JSONValue] {
        let fields = Dictionary(
            ((try? model.receptiveFields(over: sample)) ?? []).map { ($0.layer, $0) },
            uniquingKeysWith: { $1 })
        var names: [String] = []
        var calls: [String: [LayerCall]] = [:]
        // Those of a chain have no step for their input.
        let inputs = model.inputs.compactMap { $0.producer as? LayerCall }
        for call in inputs + model.calls.filter({ call in !inputs.contains { $0 === call } }) {
            if calls[call.layer.name] == nil { names.append(call.layer.name) }
            calls[call.layer.name, default: []].append(call)
        }
        return names.compactMap { calls[$0] }.compactMap { calls in
            calls.last.map { LayerDescription($0, calls, fields[$0.layer.name]).json }
        }
    }
}

extension Variable {
    /// The number of elements.
    fileprivate var count: Int { shape.reduce(1, *) }
}
#endif
