#if Server
import HTTPTypes
import Strata

/// A model, and the models of its parts that were needed to look inside; for one thread.
final class Inspection {
    /// Of parts, each with plans of its own.
    private static let partLimit = 16

    let model: Model
    private var parts: [(layer: String, model: Model)] = []
    private var whole: (names: [String], model: Model)?
    private var descriptions: [[Int]: JSONValue] = [:]
    private var excitements: [String: MapExcitement] = [:]

    init(_ model: Model) {
        self.model = model
    }

    /// The output of a layer for a picture, with a batch of one and the channels last.
    func output(of layer: String, for picture: ShownPicture) throws -> Tensor {
        let batch = try batch(of: picture)
        guard model.inputs.contains(where: { $0.producer?.name == layer }) else {
            return try part(layer).predictOnBatch(batch)
        }
        let pixels = batch.cast(to: .float32)
        return pixels.rank == 3 ? try pixels.expandingDims(at: -1) : pixels
    }

    /// A picture as the model's input, with a batch of one.
    func batch(of picture: ShownPicture) throws -> Tensor {
        try model.batch(of: try sample(of: picture))
    }

    /// A picture as the model's input.
    func sample(of picture: ShownPicture) throws -> Tensor {
        if let why = ModelAbilities(model).noPictures { throw StudioError(.badRequest, why) }
        return try picture.fitted(to: model.inputShapes[0])
    }

    /// The first outputs of all layers for a picture, by the layers' names.
    func outputs(for picture: ShownPicture) throws -> [(layer: String, output: Tensor)] {
        if whole == nil {
            let calls = model.calls.filter { !$0.inputs.isEmpty && !$0.outputs.isEmpty }
            whole = (
                calls.map(\.layer.name),
                try Model(inputs: model.inputs, outputs: calls.map { $0.outputs[0] })
            )
        }
        guard let whole else { return [] }
        let outputs = try whole.model.predictOnBatch([try batch(of: picture)])
        return zip(whole.names, outputs).map { ($0, $1) }
    }

    /// The patches that were found before, by data set, layer and map.
    func excitement(_ key: String) -> MapExcitement? { excitements[key] }

    func keep(_ excitement: MapExcitement, as key: String) {
        // A patch is small, but there may be many maps.
        if excitements.count >= 1024 { excitements.removeAll() }
        excitements[key] = excitement
    }

    /// The description for a picture's size, made once.
    func description(_ size: [Int], _ make: () throws -> JSONValue) throws -> JSONValue {
        if let known = descriptions[size] { return known }
        let made = try make()
        if descriptions.count >= 16 { descriptions.removeAll() }
        descriptions[size] = made
        return made
    }

    private func part(_ layer: String) throws -> Model {
        if let index = parts.firstIndex(where: { $0.layer == layer }) {
            let found = parts.remove(at: index)
            parts.append(found)
            return found.model
        }
        let made = try model.upTo(layer)
        if parts.count >= Self.partLimit { parts.removeFirst() }
        parts.append((layer, made))
        return made
    }
}
#endif
