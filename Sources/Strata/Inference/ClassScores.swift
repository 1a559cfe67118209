import Foundation

/// What a classifier of images takes and gives.
package enum ClassScores {
    /// The number of classes; a single output is two classes.
    ///
    /// - Throws: a ``ModelError`` unless the model has one image as its input and one row as its
    ///   output.
    package static func classCount(inputs: [Shape], outputs: [Shape]) throws(ModelError) -> Int {
        guard inputs.count == 1, (3...4).contains(inputs[0].rank) else {
            throw ModelError(
                .invalidArgument(
                    "the model takes \(text(inputs)), not a picture",
                    fix: "use a model with one input of height, width and channels"))
        }
        guard outputs.count == 1, outputs[0].rank == 2, let width = outputs[0][1] else {
            throw ModelError(
                .invalidArgument(
                    "the model gives \(text(outputs)), not a row of classes",
                    fix: "use a model that ends in a Dense layer"))
        }
        return max(width, 2)
    }

    private static func text(_ shapes: [Shape]) -> String {
        shapes.isEmpty ? "nothing" : shapes.map(\.description).joined(separator: " and ")
    }

    /// The class probabilities of one image, whatever the model's last activation.
    ///
    /// - Parameters:
    ///   - scores: of one image.
    ///   - name: the image's, in errors.
    /// - Throws: a ``ModelError`` if a score is NaN.
    package static func probabilities(
        _ scores: ArraySlice<Float>, of name: String
    ) throws(ModelError) -> [Float] {
        if scores.contains(where: \.isNaN) { throw notANumber(name) }
        if scores.count == 1, let score = scores.first {
            // A single value is the probability of the second class, or its logit.
            let isProbability = (0...1).contains(score)
            let second = isProbability ? score : 1 / (1 + exp(-score))
            return [1 - second, second]
        }
        if isDistribution(scores) { return Array(scores) }
        let largest = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }

    /// The error of scores that are NaN.
    static func notANumber(_ name: String) -> ModelError {
        ModelError(
            .invalidArgument(
                "the scores of \(name) are NaN",
                fix: "look for NaN in the model's weights; a smaller learning rate may have "
                    + "kept them finite"))
    }

    /// Whether there are no negative values, and their sum is 1.
    package static func isDistribution(_ scores: ArraySlice<Float>) -> Bool {
        // 1e-3: the sum of a thousand float32 probabilities is exact to about 1e-4.
        scores.allSatisfy { $0 >= 0 } && abs(scores.reduce(0, +) - 1) < 1e-3
    }
}
