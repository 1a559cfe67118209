#if Server
import Strata

/// The network of a plan, block by block.
struct NetworkCheck {
    private let plan: TrainingPlan

    /// The most weights of a network; VGG's convolutions have 15 million.
    ///
    /// They are made whenever a block changes, and training takes four times their memory.
    private static let parameterLimit = 50_000_000

    init(_ plan: TrainingPlan) {
        self.plan = plan
    }

    /// The layers with Keras's names, and the block of each; the first scales pixels, the last one
    /// gives the classes.
    private func layers() -> [(block: Int?, layer: Layer)] {
        var counts: [String: Int] = [:]
        func name(_ base: String) -> String {
            let number = counts[base, default: 0]
            counts[base] = number + 1
            return number == 0 ? base : "\(base)_\(number)"
        }
        var layers: [(block: Int?, layer: Layer)] = [(nil, Rescaling(1 / 255.0, name: "rescaling"))]
        for (index, block) in plan.blocks.enumerated() {
            layers.append((index, block.layer(name: name(block.layerName))))
        }
        let classes = Dense(plan.classNames.count, activation: .softmax, name: name("dense"))
        return layers + [(nil, classes)]
    }

    /// A compiled model.
    ///
    /// - Throws: a ``StudioError`` with a cure for the page's fields.
    func model() throws(StudioError) -> Model {
        do {
            return try compiled()
        } catch {
            throw StudioError(ofNetwork: error)
        }
    }

    private func compiled() throws -> Model {
        let model = try Sequential(name: "sequential") {
            Input(shape: Shape(plan.inputShape), name: "input_layer")
            for (_, layer) in layers() { layer }
        }
        try Self.checkRow(model.outputShapes)
        try model.compile(
            optimizer: plan.optimizer.optimizer(learningRate: plan.learningRate),
            loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        model.classNames = plan.classNames
        return model
    }

    private static func checkRow(_ shapes: [Shape]) throws(ModelError) {
        guard shapes[0].rank != 2 else { return }
        throw ModelError(
            .invalidArgument(
                "the network gives \(shapes[0]), not a row of classes",
                fix: "add Flatten or a global pooling before the classes"))
    }

    /// Shapes and parameters of the blocks, and the library's own error where it arises.
    var json: JSONValue {
        let (blocks, failed) = withoutInitialValues(upTo: Self.parameterLimit) {
            self.blocks()
        }
        var members: [String: JSONValue] = [
            "input": JSONValue(plan.inputShape), "classes": .integer(plan.classNames.count),
            "blocks": .array(blocks), "error": .null,
        ]
        do {
            members["total"] = .integer(try checkedModel().countParams())
        } catch {
            members["error"] = [
                "block": JSONValue(failed), "message": .string(StudioError(error).message),
            ]
        }
        return .object(members)
    }

    /// The model without initial values.
    ///
    /// - Throws: as ``model()``, and if it has too many weights.
    func checkedModel() throws -> Model {
        try withoutInitialValues(upTo: Self.parameterLimit) { try model() }
    }

    /// The blocks before an error, and the block of the error.
    private func blocks() -> (blocks: [JSONValue], failed: Int?) {
        var tensor = Input(shape: Shape(plan.inputShape), name: "input_layer")
        var blocks: [JSONValue] = []
        for (block, layer) in layers() {
            tensor = layer(tensor)
            guard tensor.error == nil else { return (blocks, block) }
            if layer is Rescaling { continue }
            var members: [String: JSONValue] = [
                "block": JSONValue(block), "output": JSONValue(sample: tensor.shape),
                "parameters": .integer(layer.countParams()), "name": .string(layer.name),
            ]
            if block == nil {
                // A Dense of an image is fine, but not as the classes.
                guard tensor.rank == 2 else { return (blocks, nil) }
                members["role"] = "classes"
            }
            blocks.append(.object(members))
        }
        return (blocks, nil)
    }
}
#endif
