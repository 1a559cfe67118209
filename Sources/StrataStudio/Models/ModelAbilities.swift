#if Server
import Strata

/// What can be shown of a model.
struct ModelAbilities {
    /// Why it takes no picture; `nil` if it does.
    let noPictures: String?
    /// Why it does not tell classes apart; `nil` if it does.
    let noClasses: String?
    /// The number of classes; a single output is two.
    let classCount: Int?

    init(_ model: Model) {
        noPictures = Self.noPictures(model)
        if model.outputShapes.count == 1, model.outputShapes[0].rank == 2,
            let width = model.outputShapes[0][1], width > 0
        {
            classCount = max(width, 2)
            noClasses = nil
        } else {
            classCount = nil
            noClasses =
                "the model gives \(Self.text(model.outputShapes)), not a row of classes: "
                + "there is nothing to predict, but its layers can be looked at"
        }
    }

    /// The first reason.
    var why: String? { noPictures ?? noClasses }

    private static func noPictures(_ model: Model) -> String? {
        let isOfRows = model.calls.contains { type(of: $0.layer).className.hasSuffix("1D") }
        guard model.inputs.count == 1, (3...4).contains(model.inputShapes[0].rank),
            !(model.inputShapes[0].rank == 3 && isOfRows)
        else {
            return "the model takes \(text(model.inputShapes)), not a picture: "
                + "its layers, shapes and parameters are shown, but nothing of a picture"
        }
        let channels = model.inputShapes[0].rank == 3 ? 1 : model.inputShapes[0][3] ?? 3
        guard ColorMode.allCases.contains(where: { $0.channelCount == channels }) else {
            return "the model takes pictures with \(channels) channels, which no picture file has: "
                + "its layers, shapes and parameters are shown, but nothing of a picture"
        }
        return nil
    }

    private static func text(_ shapes: [Shape]) -> String {
        shapes.isEmpty ? "nothing" : shapes.map(\.description).joined(separator: " and ")
    }
}
#endif
