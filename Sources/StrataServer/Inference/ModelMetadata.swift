#if Server
import Strata

/// What a model takes and gives, as the protocol describes it.
package struct ModelMetadata: Sendable, Hashable {
    /// An input or an output.
    package struct TensorMetadata: Sendable, Hashable {
        package let name: String
        package let datatype: InferenceDatatype
        /// With the batch dimension first; -1 for dimensions of any length.
        package let shape: [Int]

        init(_ description: Predictor.TensorDescription) {
            name = description.name
            datatype = InferenceDatatype(description.dtype)
            shape = description.shape.dimensions.map { $0 ?? -1 }
        }

        /// `image FP32 [-1, 28, 28, 1]`.
        var text: String { "\(name) \(datatype.rawValue) \(shape)" }
    }

    /// `<project>_<format>`, as the protocol wants it.
    package static let platform = "strata_keras"

    package let name: String
    package let versions: [String]
    package let inputs: [TensorMetadata]
    package let outputs: [TensorMetadata]
}

extension ServedModel {
    package var inputs: [ModelMetadata.TensorMetadata] {
        predictor.inputs.map { ModelMetadata.TensorMetadata($0) }
    }
    package var outputs: [ModelMetadata.TensorMetadata] {
        predictor.outputs.map { ModelMetadata.TensorMetadata($0) }
    }
}

extension ModelRepository {
    /// What a version of a model takes and gives.
    ///
    /// - Parameter version: the latest if left out.
    /// - Throws: a ``ServingError`` if there is no such version.
    package func metadata(
        _ name: String, version: String? = nil
    ) throws(ServingError) -> ModelMetadata {
        let model = try model(name, version: version)
        let versions = try versions(of: name).map(\.version)
        return ModelMetadata(
            name: name, versions: versions, inputs: model.inputs, outputs: model.outputs)
    }
}
#endif
