import Testing

@testable import Strata

/// A file that is made to do harm: a `.keras` file, or HDF5 or safetensors alone.
struct HostileFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    // Apart from the reading, which alone is measured.
    let bytes: @Sendable () throws -> [UInt8]
    let read: @Sendable ([UInt8]) throws -> Void

    private static func archive(_ configuration: String) throws -> [UInt8] {
        try ZipArchive.archive(of: [
            ("config.json", Array(configuration.utf8)),
            ("model.weights.h5", try HDF5File.image(of: HDF5Group())),
        ])
    }

    private static func keras(
        _ name: String, _ configuration: @escaping @Sendable () throws -> String
    ) -> HostileFile {
        HostileFile(
            testDescription: name, bytes: { try archive(configuration()) },
            read: { _ = try Model.load(KerasFile($0), compiled: true) })
    }

    private static func layer(_ className: String, _ config: String) -> HostileFile {
        keras("\(className) with \(config)") {
            """
            {"class_name": "Sequential", "config": {"layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 2]}},
              {"class_name": "\(className)", "config": {\(config)}}]}}
            """
        }
    }

    private static func safetensors(_ name: String, _ header: String, length: UInt64? = nil)
        -> HostileFile
    {
        HostileFile(testDescription: name) {
            var bytes = ByteBuilder()
            bytes.append(length ?? UInt64(header.utf8.count))
            bytes.append(Array(header.utf8))
            return bytes.bytes
        } read: {
            _ = try Safetensors(bytes: $0)
        }
    }

    static let all: [HostileFile] = sizes + configurations + archives + HostileHDF5.all

    private static let sizes: [HostileFile] = [
        keras("arrays 10,000 deep") {
            String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        },
        keras("objects 10,000 deep") {
            String(repeating: "{\"a\":", count: 10_000) + "1"
                + String(repeating: "}", count: 10_000)
        },
        keras("models in models, 300 deep") {
            let open = "{\"class_name\":\"Sequential\",\"config\":{\"layers\":["
            return String(repeating: open, count: 300) + String(repeating: "]}}", count: 300)
        },
        layer("Dense", "\"units\": -1"), layer("Dense", "\"units\": 0"),
        layer("Dense", "\"units\": 1e999"), layer("Dense", "\"units\": NaN"),
        layer("Dense", "\"units\": 9223372036854775807"),
        layer("Conv2D", "\"filters\": -4, \"kernel_size\": 3"),
        layer("Conv2D", "\"filters\": 4, \"kernel_size\": -3"),
        layer("Conv2D", "\"filters\": 4, \"kernel_size\": 3, \"strides\": 0"),
        layer("Conv2D", "\"filters\": 4, \"kernel_size\": 3, \"groups\": 0"),
        layer("Conv2D", "\"filters\": 4611686018427387904, \"kernel_size\": [1, 1]"),
        layer("MaxPooling2D", "\"pool_size\": [-2, 2]"),
        layer("Dropout", "\"rate\": NaN"), layer("Dropout", "\"rate\": -1"),
        layer("BatchNormalization", "\"epsilon\": NaN"),
        layer("BatchNormalization", "\"momentum\": NaN"),
        layer("BatchNormalization", "\"axis\": 99"),
        layer("Rescaling", "\"scale\": NaN"),
        layer("Reshape", "\"target_shape\": [-1, -1]"),
        layer("Reshape", "\"target_shape\": [4611686018427387904, 4]"),
        layer("InputLayer", "\"batch_shape\": [null, -5]"),
        layer("Lambda", "\"function\": {\"class_name\": \"__lambda__\"}"),
        safetensors("a header of 2⁶³ bytes", "{}", length: 1 << 63),
        safetensors("a header longer than the file", "{}", length: 1 << 40),
        safetensors(
            "a shape of 2¹²⁴ elements",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],"
                + "\"data_offsets\":[0,0]}}"),
        safetensors(
            "a negative dimension",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,0]}}"),
        safetensors(
            "offsets beyond the file",
            "{\"a\":{\"dtype\":\"U8\",\"shape\":[1099511627776],"
                + "\"data_offsets\":[0,1099511627776]}}"),
        HostileFile(testDescription: "one long text for many attributes") {
            // 2,000 groups, each of whose attributes names the same text of 100,000 letters.
            var root = HDF5Group()
            let text = String(repeating: "x", count: 100_000)
            for index in 0..<2000 {
                root.groups["\(index)"] = HDF5Group(attributes: ["name": text])
            }
            return try HDF5File.image(of: root)
        } read: {
            _ = try HDF5File.read($0)
        },
    ]

    // MARK: Configurations that grow

    private static let configurations: [HostileFile] = [
        keras("200,000 layers") { sequential(of: 200_000) { _ in "ReLU" } },
        keras("10,001 layers") { sequential(of: 10_001) { _ in "ReLU" } },
        keras("9,998 layers with weights that are not here") {
            sequential(of: 9_998) { _ in "BatchNormalization" }
        },
        keras("5,000 layers, the last first, and one that waits for itself") {
            functional(
                [("z", ["r4999", "z"])]
                    + (0..<5_000).reversed().map { ("r\($0)", [$0 == 0 ? "i" : "r\($0 - 1)"]) })
        },
        keras("a circle of calls") { functional([("a", ["b"]), ("b", ["a"])]) },
        keras("a call of itself") { functional([("a", ["a"])]) },
        keras("models that each call the one inside twice, 40 deep") { doubling(40) },
        keras("a sum of 100,000 tensors") {
            functional([("a", [String](repeating: "i", count: 100_000))])
        },
        keras("two million empty objects") {
            "[" + String(repeating: "{},", count: 2_000_000) + "{}]"
        },
        keras("a name that two layers share") {
            sequential(of: 2_000) { _ in "ReLU" }.replacing("r1999\"", with: "r7\"")
        },
        layer(
            "SeparableConv2D",
            "\"filters\": 1, \"kernel_size\": 1, \"depth_multiplier\": \(Int.max)"),
        layer("DepthwiseConv2D", "\"kernel_size\": 1, \"depth_multiplier\": \(Int.max)"),
        layer("UpSampling2D", "\"size\": [\(Int.max), 2]"),
        layer("ZeroPadding2D", "\"padding\": \(Int.max)"),
        layer("Resizing", "\"height\": 0, \"width\": 4"),
        layer("Embedding", "\"input_dim\": 1000000000000, \"output_dim\": 8"),
        layer("RandAugment", "\"value_range\": [0, 1], \"num_ops\": 1000000000"),
        layer("AugMix", "\"value_range\": [0, 1], \"num_chains\": 1000000000"),
    ]

    private static func sequential(of count: Int, _ className: (Int) -> String) -> String {
        let layers = (0..<count).map {
            "{\"class_name\":\"\(className($0))\",\"config\":{\"name\":\"r\($0)\"}}"
        }
        return "{\"class_name\":\"Sequential\",\"config\":{\"layers\":["
            + "{\"class_name\":\"InputLayer\",\"config\":{\"batch_shape\":[null,4]}},"
            + layers.joined(separator: ",") + "]}}"
    }

    private static func place(_ layer: String, _ call: Int = 0) -> String {
        "{\"class_name\":\"__keras_tensor__\",\"config\":{\"shape\":[null,4],"
            + "\"dtype\":\"float32\",\"keras_history\":[\"\(layer)\",\(call),0]}}"
    }

    private static func input(_ name: String) -> String {
        "{\"class_name\":\"InputLayer\",\"name\":\"\(name)\",\"inbound_nodes\":[],"
            + "\"config\":{\"name\":\"\(name)\",\"batch_shape\":[null,4]}}"
    }

    /// Sums, each with the names of those that it adds up.
    private static func functional(_ sums: [(name: String, of: [String])]) -> String {
        let layers = sums.map { name, sources in
            let tensors = sources.map { place($0) }.joined(separator: ",")
            return "{\"class_name\":\"Add\",\"name\":\"\(name)\",\"config\":{\"name\":\"\(name)\"},"
                + "\"inbound_nodes\":[{\"args\":[[\(tensors)]],\"kwargs\":{}}]}"
        }
        return "{\"class_name\":\"Functional\",\"config\":{\"name\":\"f\",\"layers\":["
            + input("i") + "," + layers.joined(separator: ",")
            + "],\"input_layers\":[\"i\",0,0],\"output_layers\":[\"\(sums[0].name)\",0,0]}}"
    }

    /// A model of two calls of a model of two calls, and so on.
    private static func doubling(_ depth: Int) -> String {
        var inner = "\"class_name\":\"ReLU\",\"config\":{\"name\":\"m\"}"
        for level in 1...depth {
            inner =
                "\"class_name\":\"Functional\",\"config\":{\"name\":\"m\",\"layers\":["
                + input("i") + ",{\"name\":\"m\",\"inbound_nodes\":[{\"args\":[\(place("i"))],"
                + "\"kwargs\":{}},{\"args\":[\(place("m"))],\"kwargs\":{}}],\(inner)}],"
                + "\"input_layers\":[\"i\",0,0],\"output_layers\":[\"m\",\(level > 1 ? 2 : 1),0]}"
        }
        return "{\(inner)}"
    }

    // MARK: Archives

    private static let archives: [HostileFile] = [
        claiming("a member that claims 255 MB", 255 << 20),
        claiming("a member that claims 4 GB", Int(UInt32.max) - 1),
        claiming("a member that claims nothing", 0),
        HostileFile(testDescription: "60,000 members") {
            // The record at the end is believed first: none of them need to be there.
            let bytes: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60_000 * 76)
            let end: [UInt8] =
                [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 0x60, 0xEA, 0x60, 0xEA]
                + [UInt8](repeating: 0, count: 10)
            return bytes + end
        } read: {
            _ = try KerasFile($0)
        },
    ]

    /// An archive of a deflated member, of which another size is told.
    private static func claiming(_ name: String, _ size: Int) -> HostileFile {
        HostileFile(testDescription: name) {
            var bytes = ZipArchiveTests.deflated
            // In the local header at 22, and in the directory, which begins at 37, at 24.
            for place in [22, 37 + 24] {
                for byte in 0..<4 {
                    bytes[place + byte] = UInt8(truncatingIfNeeded: size >> (8 * byte))
                }
            }
            return bytes
        } read: {
            _ = try ZipArchive($0).read("a")
        }
    }
}
