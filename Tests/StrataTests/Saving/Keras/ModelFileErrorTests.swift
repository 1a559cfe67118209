import Testing

@testable import Strata

/// What is said of files whose configuration or weights do not go together.
@Suite struct ModelFileErrorTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        let model: @Sendable () throws -> Model
        let change: @Sendable (inout KerasFile) -> Void
        let error: String

        init(
            _ description: String, _ model: @escaping @Sendable () throws -> Model,
            _ change: @escaping @Sendable (inout KerasFile) -> Void, _ error: String
        ) {
            self.description = description
            self.model = model
            self.change = change
            self.error = error
        }
    }

    private static func replacing(_ path: [String], with value: JSONValue)
        -> @Sendable (inout KerasFile) -> Void
    {
        { $0.configuration = $0.configuration.replacing(path[...], with: value) }
    }

    private static let dense = ["config", "layers", "3", "config"]
    private static let node = ["config", "layers", "2", "inbound_nodes", "0"]

    static let cases: [Case] = [
        Case(
            "an unknown layer", ModelFileTests.sequential,
            replacing(["config", "layers", "1", "class_name"], with: "Conv2E"),
            "config.json: config.layers[1]: layer Conv2E is not known"),
        Case(
            "Python code", ModelFileTests.sequential,
            replacing(["config", "layers", "2", "class_name"], with: "Lambda"),
            "config.json: config.layers[2]: a Lambda layer holds Python code, which is never run; "
                + "write a layer of your own in its place"),
        Case(
            "a layer in the place of a model", ModelFileTests.sequential,
            replacing(["class_name"], with: "Dropout"), "config.json: config.rate: is missing"),
        Case(
            "a missing argument", ModelFileTests.sequential,
            replacing(dense + ["units"], with: nil),
            "config.json: config.layers[3].config.units: is missing"),
        Case(
            "a text for a number", ModelFileTests.sequential,
            replacing(dense + ["units"], with: "3"),
            "config.json: config.layers[3].config.units: should be an integer"),
        Case(
            "a kernel larger than the image", ModelFileTests.sequential,
            replacing(["config", "layers", "1", "config", "kernel_size"], with: [9, 9]),
            "config.json: config.layers[1]: layer conv: an image of [?, 6, 6, 1] is smaller than "
                + "the kernel [9, 9]"),
        Case(
            "a size that no machine has", ModelFileTests.sequential,
            replacing(dense + ["units"], with: 1_000_000_000_000),
            "config.json: config.layers[3]: layer dense: weight kernel would have the shape "
                + "[32, 1000000000000]"),
        Case(
            "another width", ModelFileTests.sequential, replacing(dense + ["units"], with: 4),
            "model.weights.h5: layers/dense/vars: 0: kernel of layer dense (Dense) has shape "
                + "[32, 4], but shape [32, 3] is here"),
        Case(
            "a layer's weights that are missing", ModelFileTests.sequential,
            { $0.weights.groups["layers"]?.groups["conv2d"] = nil },
            "model.weights.h5: layers/conv2d/vars: layer conv (Conv2D) has 2 weights, "
                + "but 0 are here"),
        Case(
            "a weight that is missing", ModelFileTests.sequential,
            {
                let path = ["layers", "dense", "vars"]
                let vars = path.reduce(Optional($0.weights)) { $0?.groups[$1] }
                guard var vars else { return }
                vars.tensors["2"] = vars.tensors.removeValue(forKey: "1")
                $0.weights.groups["layers"]?.groups["dense"]?.groups["vars"] = vars
            },
            "model.weights.h5: layers/dense/vars: weight 1 of layer dense (Dense) is missing"),
        Case(
            "a tensor of no layer", ModelFileTests.functional,
            replacing(
                node + ["args", "0", "config", "keras_history", "0"], with: "elsewhere"),
            "config.json: config.layers[2].inbound_nodes[0].args[0].config.keras_history: "
                + "there is no layer elsewhere"),
        Case(
            "a call that is not made", ModelFileTests.functional,
            replacing(node + ["args", "0", "config", "keras_history", "1"], with: 1),
            "config.json: config.layers[2].inbound_nodes[0]: layer last is called with a tensor "
                + "that no call makes"),
        Case(
            "a circle", ModelFileTests.functional,
            replacing(node + ["args", "0", "config", "keras_history", "0"], with: "last"),
            "config.json: config.layers[2].inbound_nodes[0]: layer last is called with a tensor "
                + "that no call makes"),
        Case(
            "an output that a layer has not", ModelFileTests.functional,
            replacing(node + ["args", "0", "config", "keras_history", "2"], with: 1),
            "config.json: config.layers[2].inbound_nodes[0].args[0].config.keras_history: "
                + "layer hidden has no output 1"),
        Case(
            "an argument that is not supported", ModelFileTests.functional,
            replacing(node + ["kwargs"], with: ["initial_state": 1]),
            "config.json: config.layers[2].inbound_nodes[0].kwargs.initial_state: "
                + "this argument of a call is not supported"),
        Case(
            "two layers of one name", ModelFileTests.functional,
            replacing(["config", "layers", "2", "name"], with: "hidden"),
            "config.json: config.layers[2].name: two layers are called hidden"),
        Case(
            "an output that is no call", ModelFileTests.functional,
            replacing(["config", "output_layers"], with: ["last", 1, 0]),
            "config.json: config.output_layers: layer last has no call 1"),
        Case(
            "an unknown optimizer", compiled,
            replacing(["compile_config", "optimizer", "class_name"], with: "Adm"),
            "config.json: compile_config.optimizer: optimizer Adm is not known; "
                + "load the model with compile: false, and compile it again"),
        Case(
            "an unknown loss", compiled, replacing(["compile_config", "loss"], with: "mean"),
            "config.json: compile_config.loss: loss mean is not known; "
                + "load the model with compile: false, and compile it again"),
        Case(
            "an optimizer's state of another shape", compiled,
            { $0.weights.groups["optimizer"]?.groups["vars"]?.tensors["5"] = Tensor(1) },
            "model.weights.h5: optimizer/vars: 5: bias_velocity of optimizer adam has shape [3], "
                + "but shape [] is here; load the model with compile: false, and compile it again"),
    ]

    @Sendable private static func compiled() throws -> Model {
        let model = try ModelFileTests.functional()
        try model.compile(optimizer: Adam(), loss: .meanSquaredError)
        try model.prepareTraining()
        return model
    }

    @Test(arguments: cases)
    func `what does not fit is told with its place`(mistake: Case) throws {
        var file = try mistake.model().kerasFile()
        mistake.change(&file)
        let thrown = #expect(throws: FileError.self) { try Model.load(file, compiled: true) }
        #expect(thrown?.description == mistake.error)
    }

    @Test func `a state of the optimizer with fewer values is left out, as in Keras`() throws {
        let model = try Self.compiled()
        try model.optimizerVariables[0].assign(Tensor([Int32(7)], shape: []))
        var file = try model.kerasFile()
        file.weights.groups["optimizer"]?.groups["vars"]?.tensors["9"] = nil
        let again = try Model.load(file, compiled: true)
        #expect(try again.getWeights() == model.getWeights())
        #expect(try again.optimizerVariables.first?.value.scalars ?? [0] == [0])
    }

    private static let oddities: [JSONValue] = [
        nil, true, -1, 0, 1_000_000_000_000, .integer(.max), .integer(.min), .number(.nan),
        .number(1e300), "x", [], [:], [-1, 0], [1, 2, 3],
    ]

    @Test(arguments: [ModelFileTests.sequential, compiled])
    func `whatever stands in a configuration, it is read or refused`(
        make: @Sendable () throws -> Model
    ) throws {
        let file = try make().kerasFile()
        var refused = 0
        for path in file.configuration.paths {
            for oddity in Self.oddities {
                var changed = file
                changed.configuration = file.configuration.replacing(path[...], with: oddity)
                do throws(FileError) {
                    _ = try Model.load(changed, compiled: true)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 500)
    }
}

extension JSONValue {
    /// The way to each value in the document.
    fileprivate var paths: [[String]] {
        switch self {
        case .array(let items):
            [[]]
                + items.enumerated().flatMap { index, item in
                    item.paths.map { ["\(index)"] + $0 }
                }
        case .object(let members):
            [[]]
                + members.sorted { $0.key < $1.key }.flatMap { name, member in
                    member.paths.map { [name] + $0 }
                }
        case .null, .bool, .integer, .number, .string: [[]]
        }
    }

    fileprivate func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        switch self {
        case .array(var items):
            guard let index = Int(first), items.indices.contains(index) else { return self }
            items[index] = items[index].replacing(path.dropFirst(), with: value)
            return .array(items)
        case .object(var members):
            members[first] = (members[first] ?? .null).replacing(path.dropFirst(), with: value)
            return .object(members)
        case .null, .bool, .integer, .number, .string: return self
        }
    }
}
