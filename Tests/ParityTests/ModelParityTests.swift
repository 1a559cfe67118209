import Foundation
import StrataTestSupport
import Testing

@testable import Strata

extension Golden {
    /// Whole models from files that Keras wrote.
    @Suite struct Models {
        fileprivate struct Description: Decodable {
            var kerasFile: String
            var order: [String]

            enum CodingKeys: String, CodingKey {
                case order
                case kerasFile = "keras_file"
            }
        }

        fileprivate static func path(_ golden: GoldenCase) throws -> String {
            let name = try golden.decoded(as: Description.self).kerasFile
            return golden.file.url.deletingLastPathComponent().appending(path: name).path
        }

        /// The cases whose layers are all there.
        private static let covered = Golden.cases("model") { golden in
            do {
                _ = try Model.load(from: path(golden), compiled: false)
                return true
            } catch {
                return !"\(error)".hasSuffix("is not known")
            }
        }

        @Test(arguments: covered)
        func `a model from Keras predicts what it does in Keras`(golden: GoldenCase) throws {
            let model = try Model.load(from: Self.path(golden), compiled: false)
            let order = try golden.decoded(as: Description.self).order
            #expect(
                model.weights.map(\.name)
                    == order.map { $0.split(separator: "/").last.map(String.init) })
            try golden.checkOutputs(of: model, named: "output")
        }

        @Test(arguments: covered)
        func `a model that is saved again predicts the same bits`(golden: GoldenCase) throws {
            let model = try Model.load(from: Self.path(golden), compiled: false)
            let again = try Model.load(KerasFile(model.kerasFile().bytes), compiled: false)
            #expect(again.weights.map(\.name) == model.weights.map(\.name))
            #expect(again.getWeights() == model.getWeights())
            #expect(again.layers.map(\.name) == model.layers.map(\.name))
            #expect(again.serialized.json == model.serialized.json)
            let inputs = try golden.tensors(numbered: "input")
            #expect(try again.predictOnBatch(inputs) == model.predictOnBatch(inputs))
        }
    }
}

extension GoldenCase {
    fileprivate func checkOutputs(of model: Model, named name: String) throws {
        let outputs = try model.predictOnBatch(tensors(numbered: "input"))
        for (index, output) in outputs.enumerated() {
            try check(output, is: "\(name).\(index)")
        }
    }
}
