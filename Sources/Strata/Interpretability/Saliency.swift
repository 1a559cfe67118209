/// The evidence for a class in an image: a saliency map.
public struct Saliency: Sendable, Hashable {
    /// The method.
    public enum Method: String, Sendable, Hashable {
        case gradCAM = "Grad-CAM"
        case occlusion = "Occlusion"
    }

    public let method: Method
    /// The class.
    public let classIndex: Int
    /// The model's score for it.
    public let score: Float
    /// `float32 [height, width]`: for Grad-CAM 0 … 1 in the layer's size; for occlusion the
    /// decrease of the score where a part is covered, in the image's size.
    public let map: Tensor
    /// The reason why there is no evidence for the class; `nil` if there is some.
    public let absence: String?
}

extension Model {
    /// Grad-CAM: where a layer's feature maps raise the score of a class.
    ///
    /// The score is the logit. Each map is weighted by the mean of the score's gradient over it;
    /// negative values of the sum are evidence for other classes and become 0 (Selvaraju et al.,
    /// 2017).
    ///
    /// - Parameters:
    ///   - sample: an image as the model's input.
    ///   - layer: the name of a layer with feature maps; the last convolution is the most
    ///     informative.
    ///   - classIndex: the class; the predicted one if left out.
    /// - Returns: a map of the layer's size, from 0 to 1; all 0 without evidence for the class, and
    ///   then ``Saliency/absence`` has the reason.
    /// - Throws: a ``ModelError`` if there is no such layer or class, the image does not fit, or
    ///   the model's output is not finite.
    public func gradCAM(
        for sample: Tensor, layer: String, classIndex: Int? = nil
    ) throws -> Saliency {
        let batch = try batch(of: sample)
        let (index, score) = try score(of: batch, classIndex)
        let probe = try LayerProbe(self, layer: layer, sample: batch, classIndex: index)
        guard probe.activation.rank == 4 else { throw notMaps(layer, probe.activation.shape) }
        let shape = probe.activation.shape
        let (positions, maps) = (shape[1] * shape[2], shape[3])
        let (activation, gradient) = (probe.activation.scalars, probe.gradient.scalars)
        var weights = [Float](repeating: 0, count: maps)
        for position in gradient.indices {
            weights[position % maps] += gradient[position] / Float(positions)
        }
        var sums = [Float](repeating: 0, count: positions)
        for position in activation.indices {
            sums[position / maps] += activation[position] * weights[position % maps]
        }
        if let bad = sums.first(where: { !$0.isFinite }) {
            throw notFinite("the maps of \(layer) or their gradients", bad)
        }
        let largest = sums.max() ?? 0
        let absence =
            largest > 0
            ? nil
            : gradient.allSatisfy { $0 == 0 }
                ? "it does not depend on the maps of \(layer): the gradient is 0"
                : activation.allSatisfy { $0 == 0 }
                    ? "all maps of \(layer) are 0 for this picture"
                    : "the maps of \(layer) raise it nowhere"
        let map = sums.map { largest > 0 ? max($0, 0) / largest : 0 }
        return Saliency(
            method: .gradCAM, classIndex: index, score: score,
            map: Tensor(map, shape: [shape[1], shape[2]]), absence: absence)
    }

    /// Occlusion: by how much the score of a class falls where a square of the image is covered
    /// with the image's mean colour (Zeiler and Fergus, 2014).
    ///
    /// - Parameters:
    ///   - sample: an image as the model's input.
    ///   - classIndex: the class; the predicted one if left out.
    ///   - patchSize: the square's side in pixels; about a fifth of the image if left out.
    /// - Returns: a map of the image's size; each pixel has the mean of the squares that cover it.
    /// - Throws: a ``ModelError`` if there is no such class, or the image does not fit.
    public func occlusionMap(
        for sample: Tensor, classIndex: Int? = nil, patchSize: Int? = nil
    ) throws -> Saliency {
        let batch = try batch(of: sample)
        let (index, score) = try score(of: batch, classIndex)
        let isFlat = batch.rank == 3
        guard isFlat || batch.rank == 4 else { throw notMaps("the input", batch.shape) }
        let (height, width) = (batch.shape[1], batch.shape[2])
        let channels = isFlat ? 1 : batch.shape[3]
        let side = patchSize ?? max(1, min(height, width) / 5)
        guard side > 0, side <= min(height, width) else {
            throw ModelError(
                .invalidArgument(
                    "patchSize is \(side)", fix: "use 1 to \(min(height, width)) pixels"))
        }
        let source = batch.scalars
        let means = (0..<channels).map { channel in
            stride(from: channel, to: source.count, by: channels).reduce(Float(0)) {
                $0 + source[$1]
            } / Float(height * width)
        }
        let step = max(1, side / 2)
        func starts(_ length: Int) -> [Int] {
            Array(stride(from: 0, to: length - side, by: step)) + [length - side]
        }
        let corners = starts(height).flatMap { y in starts(width).map { (y, $0) } }
        var sums = [Float](repeating: 0, count: height * width)
        var counts = [Float](repeating: 0, count: height * width)
        for start in stride(from: 0, to: corners.count, by: 32) {
            let part = corners[start..<min(start + 32, corners.count)]
            var covered: [Float] = []
            for (y, x) in part {
                var picture = source
                for row in y..<y + side {
                    for column in x..<x + side {
                        for channel in 0..<channels {
                            picture[(row * width + column) * channels + channel] = means[channel]
                        }
                    }
                }
                covered += picture
            }
            let scores = try predictOnBatch(
                Tensor(covered, shape: [part.count] + batch.shape.dropFirst()))
            for (row, (y, x)) in part.enumerated() {
                let fall = score - Self.score(index, in: scores[row].scalars)
                for row in y..<y + side {
                    for column in x..<x + side {
                        sums[row * width + column] += fall
                        counts[row * width + column] += 1
                    }
                }
            }
        }
        let map = zip(sums, counts).map { $0 / max($1, 1) }
        if let bad = map.first(where: { !$0.isFinite }) {
            throw notFinite("the scores of covered pictures", bad)
        }
        return Saliency(
            method: .occlusion, classIndex: index, score: score,
            map: Tensor(map, shape: [height, width]),
            absence: map.contains { $0 > 0 } ? nil : "it falls nowhere if a part is covered")
    }

    /// The requested class, or the predicted one, with the model's score for it.
    package func score(of batch: Tensor, _ wanted: Int?) throws -> (index: Int, score: Float) {
        let scores = try predictOnBatch(batch)
        guard scores.rank == 2, scores.shape[1] > 0 else {
            throw ModelError(
                .invalidArgument(
                    "the model gives \(scores.shape), not a row of classes",
                    fix: "use a model that ends in a Dense layer"))
        }
        let values = scores.scalars
        if let bad = values.first(where: { !$0.isFinite }) {
            throw notFinite("the scores of the classes", bad)
        }
        let count = max(values.count, 2)
        let likely =
            values.count == 1
            ? (values[0] > 0.5 ? 1 : 0) : values.indices.max { values[$0] < values[$1] } ?? 0
        let index = wanted ?? likely
        guard (0..<count).contains(index) else {
            throw ModelError(
                .invalidArgument(
                    "there is no class \(index)", fix: "use classes from 0 to \(count - 1)"))
        }
        return (index, Self.score(index, in: values))
    }

    private func notFinite(_ what: String, _ value: Float) -> ModelError {
        ModelError(
            .invalidArgument(
                "\(what) are not finite: \(value.isNaN ? "NaN" : "\(value)")",
                fix: "look for such values in the picture and in the model's weights"))
    }

    /// With one output for two classes, the first one's score is the rest of 1.
    private static func score(_ index: Int, in values: [Float]) -> Float {
        values.count == 1 ? (index == 1 ? values[0] : 1 - values[0]) : values[index]
    }
}
