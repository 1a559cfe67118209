import Foundation
import Testing

@testable import Strata

/// Files that are made to do harm: refused soon, whatever they claim.
@Suite struct HostileFileTests {
    /// What makes a file, as bytes of a `.keras` file, or of HDF5 or safetensors alone.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let read: @Sendable () throws -> Void
    }

    private static func archive(_ configuration: String) throws -> [UInt8] {
        try ZipArchive.archive(of: [
            ("config.json", Array(configuration.utf8)),
            ("model.weights.h5", try HDF5File.image(of: HDF5Group())),
        ])
    }

    private static func keras(
        _ name: String, _ configuration: @escaping @Sendable () throws -> String
    ) -> Case {
        Case(testDescription: name) {
            _ = try Model.load(KerasFile(archive(configuration())), compiled: true)
        }
    }

    private static func layer(_ className: String, _ config: String) -> Case {
        keras("\(className) with \(config)") {
            """
            {"class_name": "Sequential", "config": {"layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 2]}},
              {"class_name": "\(className)", "config": {\(config)}}]}}
            """
        }
    }

    private static func safetensors(_ name: String, _ header: String, length: UInt64? = nil)
        -> Case
    {
        Case(testDescription: name) {
            var bytes = ByteBuilder()
            bytes.append(length ?? UInt64(header.utf8.count))
            bytes.append(Array(header.utf8))
            _ = try Safetensors(bytes: bytes.bytes)
        }
    }

    static let cases: [Case] = [
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
        Case(testDescription: "one long text for many attributes") {
            // 2,000 groups, each of whose attributes names the same text of 100,000 letters.
            var root = HDF5Group()
            let text = String(repeating: "x", count: 100_000)
            for index in 0..<2000 {
                root.groups["\(index)"] = HDF5Group(attributes: ["name": text])
            }
            _ = try HDF5File.read(HDF5File.image(of: root))
        },
    ]

    /// A second, where the compiler optimises.
    ///
    /// Without, loops over bytes take about ten times as long: no call in them is inlined, and every access
    /// and addition is checked.
    #if DEBUG
        private static let bound = Duration.seconds(10)
    #else
        private static let bound = Duration.seconds(1)
    #endif

    @Test(arguments: cases)
    func `a hostile file is refused within a second`(hostile: Case) {
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(throws: (any Error).self) { try hostile.read() }
        }
        #expect(time < Self.bound)
    }

    @Test func `hostile files take less than 200 MB`() async {
        // A process of its own, in which nothing else takes memory.
        await #expect(processExitsWith: .success) {
            for hostile in Self.cases { _ = try? hostile.read() }
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            let kilobytes = try #require(Int(line.filter(\.isNumber)))
            #expect(kilobytes < 200_000)
        }
    }
}
