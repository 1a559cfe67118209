internal import Foundation

/// A model's predictions for labelled images.
///
/// ```swift
/// let predictions = try model.classPredictions(for: test)
/// print(predictions.confusionMatrix)         // rows are true classes, columns predicted ones
/// print(predictions.confusionMatrix.report)  // precision, recall and F1 of each class
/// ```
///
/// `StrataVisualization` draws a sheet of the mistakes: `try predictions.mistakeSheet(12).write(to: "mistakes.png")`.
public struct ClassPredictions: Sendable {
    /// The images and their true classes.
    public let images: LabelledImages
    /// `float32 [count, classes]`.
    public let probabilities: Tensor
    /// The confusion matrix.
    public let confusionMatrix: ConfusionMatrix

    /// A misclassified image.
    public struct Mistake: Sendable, Hashable {
        /// The index of the image.
        public var index: Int
        public var label: Int
        public var prediction: Int
        /// The probability of the predicted class.
        public var probability: Float
    }

    /// - Parameters:
    ///   - images: images with their classes.
    ///   - scores: the model's outputs for them: probabilities or logits `[count, classes]`, or
    ///     `[count, 1]` for two classes.
    ///   - classNames: the class names; those of the images if left out, or if their number does
    ///     not match.
    /// - Throws: a ``ModelError`` unless there is one row for each image and one score for each
    ///   class, or if a score is NaN.
    public init(
        _ images: LabelledImages, scores: Tensor, classNames: [String]? = nil
    ) throws {
        let probabilities = try Self.probabilities(scores)
        guard probabilities.shape[0] == images.count else {
            throw ModelError(
                .unequalCounts(
                    what: "rows of scores", got: probabilities.shape[0], samples: images.count))
        }
        let count = probabilities.shape[1]
        let names =
            [classNames ?? [], images.classNames].first { $0.count == count }
            ?? (0..<count).map { "class \($0)" }
        self.images = images
        self.probabilities = probabilities
        predictions = try probabilities.argMax(axis: -1).integers
        confusionMatrix = try ConfusionMatrix(
            labels: images.y.integers, predictions: predictions, classNames: names)
    }

    /// The predicted class of each image.
    public let predictions: [Int]

    /// The mistakes, in descending order of confidence.
    public func mistakes(_ count: Int) -> [Mistake] {
        let labels = images.y.integers
        let values = probabilities.scalars
        let classes = probabilities.shape[1]
        let all = predictions.indices.filter { predictions[$0] != labels[$0] }.map { index in
            Mistake(
                index: index, label: labels[index], prediction: predictions[index],
                probability: values[index * classes + predictions[index]])
        }
        return Array(
            all.sorted { ($1.probability, $0.index) < ($0.probability, $1.index) }
                .prefix(max(count, 0)))
    }

    /// Rows that are not distributions are normalized: by a sigmoid for a single value, otherwise
    /// by a softmax.
    private static func probabilities(_ scores: Tensor) throws -> Tensor {
        guard scores.rank == 2, scores.shape[1] > 0 else {
            throw ModelError(
                .invalidArgument(
                    "scores have the shape \(scores.shape), not [count, classes]",
                    fix: "give what a model that ends in a Dense layer predicts"))
        }
        let (rows, columns) = (scores.shape[0], scores.shape[1])
        let values = scores.scalars
        if let bad = values.firstIndex(where: \.isNaN) {
            throw ClassScores.notANumber("sample \(bad / columns)")
        }
        if columns == 1 {
            let isProbability = values.allSatisfy { (0...1).contains($0) }
            let pairs = values.flatMap { value -> [Float] in
                let second = isProbability ? value : 1 / (1 + exp(-value))
                return [1 - second, second]
            }
            return Tensor(pairs, shape: [rows, 2])
        }
        let isDistribution = (0..<rows).allSatisfy { row in
            let row = values[row * columns..<(row + 1) * columns]
            // 1e-2: the sum of a thousand bfloat16 probabilities is exact to about that.
            return row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-2
        }
        if isDistribution { return scores.cast(to: .float32) }
        let result = (0..<rows).flatMap { row -> [Float] in
            let row = values[row * columns..<(row + 1) * columns]
            let largest = row.max() ?? 0
            let exponentials = row.map { exp($0 - largest) }
            let sum = exponentials.reduce(0, +)
            return exponentials.map { $0 / sum }
        }
        return Tensor(result, shape: [rows, columns])
    }
}

extension Model {
    /// The model's predictions for labelled images.
    ///
    /// - Parameters:
    ///   - images: the images and their classes.
    ///   - batchSize: images in a step, 1 or more.
    /// - Throws: a ``ModelError`` if the images do not fit the model, or its output is not one row
    ///   of classes.
    public func classPredictions(
        for images: LabelledImages, batchSize: Int = 128
    ) throws -> ClassPredictions {
        try ClassPredictions(
            images, scores: try predict(images.x, batchSize: batchSize), classNames: classNames)
    }
}
