import Foundation
import Strata
import StrataTestSupport
import Testing

extension Golden {
    /// What every layer computes, against Keras's numbers.
    @Suite struct Layers {
        private struct Description: Decodable {
            var config: JSONValue
            var inputShapes: [[Int]]
            var mode: String
            var order: [String]
            var trainable: [String]

            enum CodingKeys: String, CodingKey {
                case config
                case mode
                case order
                case trainable
                case inputShapes = "input_shapes"
            }

            var object: SerializedObject {
                get throws { try SerializedObject(config, path: "config") }
            }
        }

        /// A layer with the case's weights, its inputs, and its outputs in one mode.
        private struct Call {
            let layer: Layer
            let inputs: [SymbolicTensor]
            let output: SymbolicTensor
            let context: CallContext
            let values: [String: Tensor]

            init(_ golden: GoldenCase, _ description: Description, isTraining: Bool) throws {
                layer = try LayerRegistry.layer(description.object, path: "config")
                let tensors = try golden.tensors(numbered: "input")
                inputs = tensors.enumerated().map { number, tensor in
                    .input("\(number)", Shape(tensor.shape), dtype: tensor.dtype)
                }
                values = Dictionary(
                    uniqueKeysWithValues: tensors.enumerated().map { ("\($0)", $1) })
                let wired = layer.outputs(of: inputs)[0]
                if let error = wired.error { throw error }
                #expect(layer.weights.map(\.name) == description.order)
                #expect(layer.trainableWeights.map(\.name) == description.trainable)
                for weight in layer.weights {
                    try weight.assign(golden.tensor("weight.\(weight.name)"))
                }
                context = CallContext(isTraining: isTraining)
                output = layer.call(inputs, context)[0]
                #expect(output.shape == wired.shape)
            }

            func evaluate(_ more: [SymbolicTensor] = []) throws -> [Tensor] {
                try Strata.evaluate([output] + more, inputs: values, updates: context.updates)
            }
        }

        @Test(arguments: GoldenFolder.cases("layer"))
        func `the layer is written into files as Keras writes it`(golden: GoldenCase) throws {
            let description = try golden.decoded(as: Description.self)
            let call = try Call(golden, description, isTraining: false)
            #expect(call.layer.serialized.json.inFloat32 == description.config.inFloat32)
        }

        @Test(arguments: GoldenFolder.cases("layer"))
        func `outputs, gradients and statistics are Keras's`(golden: GoldenCase) throws {
            let description = try golden.decoded(as: Description.self)
            var differences: [String?] = []

            let inference = try Call(golden, description, isTraining: false)
            differences.append(
                try golden.difference(inference.evaluate()[0], from: "output.0"))

            if golden.has("train_output.0") {
                let training = try Call(golden, description, isTraining: true)
                let output = try training.evaluate()[0]
                differences.append(try golden.difference(output, from: "train_output.0"))
                for weight in training.layer.weights where golden.has("weight_after.\(weight.name)")
                {
                    differences.append(
                        try golden.difference(weight.value, from: "weight_after.\(weight.name)"))
                }
            }

            if golden.has("cotangent.0") {
                let call = try Call(golden, description, isTraining: description.mode == "training")
                let cotangent = try golden.tensor("cotangent.0")
                let loss = (call.output * .constant(cotangent)).sum()
                var names: [String] = []
                var values: [SymbolicTensor] = []
                for (number, input) in call.inputs.enumerated()
                where golden.has("grad_input.\(number)") {
                    names.append("grad_input.\(number)")
                    values.append(input)
                }
                for weight in call.layer.trainableWeights {
                    names.append("grad_weight.\(weight.name)")
                    values.append(call.context.value(of: weight))
                }
                let gradients = try call.evaluate(loss.gradients(withRespectTo: values))
                for (name, gradient) in zip(names, gradients.dropFirst()) {
                    differences.append(try golden.difference(gradient, from: name))
                }
            }
            let found = differences.compactMap { $0 }
            #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
        }
    }
}

extension JSONValue {
    /// With all numbers as `float32` holds them: Python writes `1` or `1.0` as it was given, and digits
    /// of 0.01 that only `float64` has.
    var inFloat32: JSONValue {
        switch self {
        case .null, .bool, .string: self
        case .integer(let number): .number(Double(Float(number)))
        case .number(let number): .number(Double(Float(number)))
        case .array(let items): .array(items.map(\.inFloat32))
        case .object(let members): .object(members.mapValues(\.inFloat32))
        }
    }
}
