import Foundation
import Strata
import Testing

/// Layers that change images, with factors that leave nothing to chance, against Keras's numbers.
///
/// `Tests/Fixtures/augmentation/make.py` made them with Keras 3.15.1.
@Suite struct AugmentationParityTests {
    struct Entry: Sendable, CustomTestStringConvertible {
        var object: SerializedObject
        var images: [Float]
        var result: [Float]

        init(_ value: JSONValue) throws {
            guard case .array(let parts) = value, parts.count == 3 else {
                throw CocoaError(.fileReadCorruptFile)
            }
            object = try SerializedObject(parts[0], path: "config")
            images = Fixture.floats(parts[1])
            result = Fixture.floats(parts[2])
        }

        var testDescription: String { "\(object.className) \(object.json.text.prefix(400))" }
    }

    private static let shape = [2, 6, 7, 3]
    private static let entries: Result<[Entry], any Error> = Result {
        try Fixture.array("augmentation/augmentation.json").map(Entry.init)
    }

    @Test func `the file holds cases`() throws {
        #expect(try Self.entries.get().count >= 36)
    }

    @Test(arguments: (try? entries.get()) ?? [])
    func `images are changed in training as Keras changes them`(_ entry: Entry) throws {
        let layer = try LayerRegistry.layer(entry.object, path: "config")
        let input = SymbolicTensor.input("x", Shape(Self.shape))
        #expect(layer(input).error == nil)
        let output = layer.call(input, CallContext(isTraining: true))
        let result = try evaluate(
            [output], inputs: ["x": Tensor(entry.images, shape: Self.shape)])[0]
        #expect(result.shape == Self.shape)
        // Numbers up to 300 in float32, the file's four decimals, and angles of an eighth of a turn
        // and more: coordinates are right to 1e-5 of a pixel, which may differ by 300 from the next.
        let worst = zip(result.scalars, entry.result).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 5e-3, "\(worst)")
    }

    @Test(arguments: (try? entries.get()) ?? [])
    func `a layer is written as Keras writes it`(_ entry: Entry) throws {
        let layer = try LayerRegistry.layer(entry.object, path: "config")
        #expect(
            JSONValue.object(layer.config).inFloat32
                == JSONValue.object(
                    entry.object.config.filter { key, _ in
                        !["name", "trainable", "dtype"].contains(key)
                    }
                ).inFloat32)
    }
}

/// Files of numbers beside the tests.
enum Fixture {
    static func array(_ name: String) throws -> [JSONValue] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/\(name)")
        guard case .array(let items) = try JSONValue(parsing: Array(Data(contentsOf: file))) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return items
    }

    static func floats(_ value: JSONValue) -> [Float] {
        guard case .array(let items) = value else { return [] }
        return items.map { item in
            switch item {
            case .integer(let number): Float(number)
            case .number(let number): Float(number)
            case .null, .bool, .string, .array, .object: .nan
            }
        }
    }
}
