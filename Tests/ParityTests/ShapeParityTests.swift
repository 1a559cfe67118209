import Foundation
import Strata
import Testing

/// Output shapes of randomly configured layers, and what is refused, against Keras's.
///
/// `Tests/Fixtures/shapes/make.py` made the configurations with Keras 3.15.1.
@Suite struct ShapeParityTests {
    struct Entry: Sendable {
        var className: String
        var arguments: [String: JSONValue]
        var inputs: [Shape]
        /// `nil` where Keras refuses.
        var output: Shape?

        init(_ value: JSONValue) throws {
            guard case .array(let parts) = value, parts.count == 4,
                case .string(let className) = parts[0], case .object(let arguments) = parts[1],
                case .array(let inputs) = parts[2]
            else { throw CocoaError(.fileReadCorruptFile) }
            self.className = className
            self.arguments = arguments
            self.inputs = inputs.map(Entry.shape)
            output = parts[3] == .null ? nil : Entry.shape(parts[3])
        }

        private static func shape(_ value: JSONValue) -> Shape {
            guard case .array(let dimensions) = value else { return [] }
            return Shape(dimensions.map(\.integer))
        }

        /// What the layer's call gives here.
        func result() throws -> Shape {
            let object = SerializedObject(
                module: "keras.layers", className: className, config: arguments)
            let layer = try LayerRegistry.layer(object, path: "config")
            let output = layer.outputs(
                of: inputs.enumerated().map { .input("\($0)", $1) })[0]
            if let error = output.error { throw error }
            return output.shape
        }

        var difference: String? {
            let told = "\(className) \(JSONValue.object(arguments).text) on \(inputs)"
            do {
                let result = try result()
                if let output, output == result { return nil }
                let expected = output.map { "\($0)" } ?? "refuses"
                return "\(told): \(result), Keras: \(expected)"
            } catch {
                return output.map { "\(told): Keras gives \($0), but here: \(error)" }
            }
        }
    }

    private static let entries: Result<[Entry], any Error> = Result {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/shapes/shapes.json")
        guard case .array(let items) = try JSONValue(parsing: Array(Data(contentsOf: file))) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return try items.map(Entry.init)
    }

    private static let classes = Set(((try? entries.get()) ?? []).map(\.className)).sorted()

    @Test func `there are two thousand configurations, and refused ones among them`() throws {
        let entries = try Self.entries.get()
        #expect(entries.count >= 2000)
        #expect(entries.filter { $0.output == nil }.count >= 300)
    }

    @Test(arguments: classes)
    func `a layer's output has Keras's shape, and what Keras refuses is refused`(
        className: String
    ) throws {
        let differences = try Self.entries.get().filter { $0.className == className }
            .compactMap(\.difference)
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }
}
