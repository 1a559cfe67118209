#if Server
import Strata

/// How much the outputs of all layers change when the picture moves: translational invariance.
struct Translation {
    let inspection: Inspection
    let picture: ShownPicture

    func json() throws -> JSONValue {
        var still = picture
        still.shift = (0, 0)
        let model = inspection.model
        let before = try inspection.outputs(for: still)
        let after = try inspection.outputs(for: picture)
        let classes = Dictionary(
            model.calls.map { ($0.layer.name, type(of: $0.layer).className) },
            uniquingKeysWith: { $1 })
        let layers = zip(before, after).map { old, new -> JSONValue in
            [
                "name": .string(old.layer), "class": JSONValue(text: classes[old.layer]),
                "change": JSONValue(Self.change(old.output, new.output)),
            ]
        }
        return [
            "before": try prediction(still), "after": try prediction(picture),
            "layers": .array(layers),
        ]
    }

    private func prediction(_ picture: ShownPicture) throws -> JSONValue {
        guard ModelAbilities(inspection.model).noClasses == nil else { return .null }
        return .object(try PicturePrediction(inspection, picture).members)
    }

    /// The sum of the absolute differences by that of the values before; `nil` if these are all 0.
    static func change(_ before: Tensor, _ after: Tensor) -> Float? {
        var (difference, size): (Double, Double) = (0, 0)
        for (old, new) in zip(before.scalars, after.scalars) {
            difference += Double(abs(new - old))
            size += Double(abs(old))
        }
        return size > 0 ? Float(difference / size) : nil
    }
}
#endif
