import Foundation
import Strata
import StrataTestSupport
import Testing

extension Golden {
    /// Whole models from files that Keras wrote.
    @Suite struct Models {
        fileprivate struct Description: Decodable {
            var kerasFile: String
            var order: [String]
            var training: Training?
            var steps: Int?

            enum CodingKeys: String, CodingKey {
                case order
                case training
                case steps
                case kerasFile = "keras_file"
            }

            struct Training: Decodable {
                var state: [String]
            }
        }

        fileprivate static func path(_ golden: GoldenCase) throws -> String {
            let name = try golden.decoded(as: Description.self).kerasFile
            return golden.file.url.deletingLastPathComponent().appending(path: name).path
        }

        private static let all = GoldenFolder.cases("model")

        /// The cases whose description says something; those that cannot be read count, so that they fail.
        private static func cases(where isWanted: (Description) -> Bool) -> [GoldenCase] {
            all.filter { golden in
                do {
                    return isWanted(try golden.decoded(as: Description.self))
                } catch {
                    return true
                }
            }
        }

        @Test(arguments: all)
        func `a model from Keras predicts what it does in Keras`(golden: GoldenCase) throws {
            let model = try Model.load(from: Self.path(golden), compiled: false)
            let order = try golden.decoded(as: Description.self).order
            #expect(
                model.weights.map(\.name)
                    == order.map { $0.split(separator: "/").last.map(String.init) })
            try golden.checkOutputs(of: model, named: "output")
        }

        private static func savedAndLoaded(_ model: Model, compiled: Bool) throws -> Model {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/again.keras"
            try model.save(to: path)
            return try Model.load(from: path, compiled: compiled)
        }

        @Test(arguments: all)
        func `a model that is saved again predicts the same bits`(golden: GoldenCase) throws {
            let model = try Model.load(from: Self.path(golden), compiled: false)
            let again = try Self.savedAndLoaded(model, compiled: false)
            #expect(again.weights.map(\.name) == model.weights.map(\.name))
            #expect(try again.getWeights() == model.getWeights())
            #expect(again.layers.map(\.name) == model.layers.map(\.name))
            #expect(again.serialized.json == model.serialized.json)
            let inputs = try golden.tensors(numbered: "input")
            #expect(try again.predictOnBatch(inputs) == model.predictOnBatch(inputs))
        }

        private static let trained = cases { $0.training != nil }

        @Test(arguments: trained)
        func `an optimizer's state is restored, by us and from what we save`(golden: GoldenCase)
            throws
        {
            let state = try golden.decoded(as: Description.self).training?.state ?? []
            let model = try Model.load(from: Self.path(golden))
            let again = try Self.savedAndLoaded(model, compiled: true)
            for loaded in [model, again] {
                #expect(loaded.isCompiled)
                if state.isEmpty { continue }
                #expect(loaded.optimizerVariables.count == state.count)
                for (index, variable) in loaded.optimizerVariables.enumerated() {
                    #expect(
                        try variable.value == golden.tensor("state.\(index)"), "\(state[index])")
                }
            }
        }

        private static let trainable = cases { $0.training != nil && $0.steps ?? 0 > 0 }

        @Test(arguments: trainable)
        func `training goes on as it does in Keras`(golden: GoldenCase) throws {
            let description = try golden.decoded(as: Description.self)
            let model = try Model.load(from: Self.path(golden))
            for step in 0..<(description.steps ?? 0) {
                let weight = "batch_\(step).sample_weight"
                try model.resetMetrics()
                let logs = try model.trainOnBatch(
                    golden.tensors(numbered: "batch_\(step).x"),
                    golden.tensors(numbered: "batch_\(step).y"),
                    sampleWeight: golden.has(weight) ? golden.tensor(weight) : nil)
                let prefix = "log_\(step)."
                let names = golden.file.names.filter { $0.hasPrefix(prefix) }
                #expect(Set(logs.keys) == Set(names.map { String($0.dropFirst(prefix.count)) }))
                for name in names {
                    let value = logs[String(name.dropFirst(prefix.count))] ?? .nan
                    try golden.check(Tensor(value), is: name)
                }
            }
            for (path, weight) in zip(description.order, model.weights) {
                try golden.check(weight.value, is: "weight_after.\(path)")
            }
            try golden.checkOutputs(of: model, named: "output_after")
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
