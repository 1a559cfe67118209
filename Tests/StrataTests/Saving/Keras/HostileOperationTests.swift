import Testing

@testable import Strata

/// Operations of files whose arguments cannot work: errors, never traps, and soon.
@Suite struct HostileOperationTests {
    private static let tensor: JSONValue = [
        "class_name": "__keras_tensor__",
        "config": ["shape": [nil, 4, 6], "dtype": "float32", "keras_history": ["x", 0, 0]],
    ]

    private static func slice(_ start: JSONValue, _ stop: JSONValue, _ step: JSONValue)
        -> JSONValue
    {
        [
            "class_name": "__slice__",
            "config": ["start": start, "stop": stop, "step": step],
        ]
    }

    private static let least = JSONValue.integer(.min)
    private static let most = JSONValue.integer(.max)

    private static let cases: [(name: String, config: [String: JSONValue], more: [JSONValue])] = [
        ("Norm", [:], []), ("Add", [:], []), ("Add", [:], ["text"]), ("Add", [:], [.array([])]),
        ("Add", [:], [["class_name": "__lambda__", "config": [:]]]),
        ("Add", [:], [["class_name": "__numpy__", "config": ["value": [[1, 2], [3]]]]]),
        ("Add", [:], [["class_name": "__numpy__", "config": ["value": 1, "dtype": "object"]]]),
        ("Mean", ["axis": 7], []), ("Mean", ["axis": most], []), ("Mean", ["axis": [1, 1]], []),
        ("Sum", ["axis": "all"], []), ("Argmax", ["axis": least], []),
        ("Reshape", ["newshape": [-1, -1]], []), ("Reshape", ["newshape": [most, most]], []),
        ("Transpose", ["axes": [0, 1]], []), ("Squeeze", ["axis": 1], []),
        ("ExpandDims", ["axis": least], []), ("Moveaxis", ["source": [1], "destination": []], []),
        ("Split", ["indices_or_sections": 0, "axis": 1], []),
        ("Split", ["indices_or_sections": most, "axis": 1], []),
        ("Tile", ["repeats": [1, most]], []), ("Tile", ["repeats": [1, 16_000_000, 1]], []),
        ("Repeat", ["repeats": -1, "axis": 1], []), ("Repeat", ["repeats": most, "axis": 1], []),
        ("Roll", ["shift": least, "axis": 1], []), ("Flip", ["axis": 9], []),
        ("Pad", ["pad_width": [[0, 0], [0, most], [0, 0]]], []), ("Pad", ["pad_width": 1], []),
        ("Pad", ["pad_width": [[0, 0], [-1, 0], [0, 0]]], []),
        ("Pad", ["pad_width": [[0, 0], [1, 0], [0, 0]], "mode": "magic"], []),
        ("BroadcastTo", ["shape": [2, 2, 2]], []), ("GetItem", [:], [[nil, 99, 99, 99, 99]]),
        ("GetItem", [:], [[slice(nil, nil, nil), 4]]),
        ("GetItem", [:], [[slice(nil, nil, nil), least]]),
        ("GetItem", [:], [[slice(nil, nil, nil), slice(0, 2, 0)]]),
        ("GetItem", [:], [[slice(nil, nil, nil), slice(least, most, least)]]),
        ("OneHot", ["num_classes": most], []), ("OneHot", ["num_classes": 0], []),
        ("Cast", ["dtype": "complex64"], []), ("Glu", ["axis": 5], []),
        ("Einsum", ["subscripts": "ab"], []), ("Tensordot", ["axes": most], [.integer(1)]),
        ("Conv", ["strides": most], [.integer(1)]), ("MaxPool", ["pool_size": most], []),
        ("DepthToSpace", ["block_size": 0], []), ("Resize", ["size": [0, 5]], []),
        ("Round", ["decimals": most], []), ("CropImages", [:], []),
    ]

    @Test(arguments: cases.indices)
    func `an operation that cannot work is an error with its place`(place: Int) throws {
        let (name, config, more) = Self.cases[place]
        let configuration = Configuration([
            "layers": [
                [
                    "module": "keras.layers", "class_name": "InputLayer", "name": "x",
                    "config": ["name": "x", "batch_shape": [nil, 4, 6], "dtype": "float32"],
                    "inbound_nodes": [],
                ],
                [
                    "module": "keras.src.ops.numpy", "class_name": .string(name), "name": "y",
                    "config": .object(config.merging(["name": "y"]) { $1 }),
                    "inbound_nodes": [["args": .array([Self.tensor] + more), "kwargs": [:]]],
                ],
            ],
            "input_layers": ["x", 0, 0], "output_layers": ["y", 0, 0],
        ])
        var error: ConfigurationError?
        let time = processorTime {
            error = #expect(throws: ConfigurationError.self, "\(name) \(config)") {
                try Model(functional: configuration)
            }
        }
        #expect(error?.description.contains("layers[1]") == true, "\(error?.description ?? "")")
        #expect(time < 1)
    }

    @Test func `an operation that is not known is named, with the cure`() throws {
        let object = SerializedObject(module: "keras.src.ops.linalg", className: "Cholesky")
        let error = #expect(throws: ConfigurationError.self) {
            try LayerRegistry.layer(object, path: "layers[2]")
        }
        #expect(
            error?.description
                == "layers[2]: operation Cholesky outside of a layer is not known; put it into a "
                + "layer of your own, and register that with registerLayer")
    }
}
