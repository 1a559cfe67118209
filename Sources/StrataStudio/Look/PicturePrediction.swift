#if Server
import HTTPTypes
import Strata

/// The probabilities of the classes for a picture.
struct PicturePrediction {
    let probabilities: [Float]

    init(_ inspection: Inspection, _ picture: ShownPicture) throws {
        let model = inspection.model
        if let why = ModelAbilities(model).why { throw StudioError(.badRequest, why) }
        let scores = try model.predictOnBatch(try inspection.batch(of: picture))
        probabilities = try ClassScores.probabilities(scores.scalars[...], of: "the picture")
    }

    var members: [String: JSONValue] {
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return [
            "probabilities": .array(probabilities.map { JSONValue($0) }), "best": .integer(best),
        ]
    }
}
#endif
