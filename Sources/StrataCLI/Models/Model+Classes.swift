import Foundation
import Strata

/// Image classifiers.
extension Model {
    /// The number of classes; a single output is two classes.
    ///
    /// - Throws: a ``Failure`` unless the model has one image as its input and one row as its
    ///   output.
    func classCount() throws -> Int {
        guard inputs.count == 1, (3...4).contains(inputShapes[0].rank) else {
            throw Failure(
                "the model takes \(Model.text(inputShapes)), not a picture; "
                    + "use a model with one Input(shape: [height, width, channels])", .data)
        }
        guard outputs.count == 1, outputShapes[0].rank == 2, let width = outputShapes[0][1] else {
            throw Failure(
                "the model gives \(Model.text(outputShapes)), not a row of classes; "
                    + "use a model that ends in a Dense layer", .data)
        }
        return max(width, 2)
    }

    private static func text(_ shapes: [Shape]) -> String {
        shapes.isEmpty ? "nothing" : shapes.map(\.description).joined(separator: " and ")
    }

    /// Compiles the model for a data set's labels, unless it is compiled for them already.
    ///
    /// - Returns: whether the model had to be compiled.
    @discardableResult
    func prepareForClasses(
        _ data: LabelledImages, learningRate: Float? = nil
    ) throws -> Bool {
        let count = try classCount()
        guard outputShapes[0][1] == count else {
            throw Failure(
                "the model gives one number for each picture, but \(data.classNames.count) classes "
                    + "are to be told apart; let it end in Dense(\(data.classNames.count))", .data)
        }
        let first = data[0..<1]
        if isCompiled,
            (try? evaluate(first.x, first.y, verbose: .silent))?["accuracy"] != nil
        {
            if let learningRate { self.learningRate = learningRate }
            return false
        }
        let scores = try predictOnBatch(data[0..<min(data.count, 32)].x)
        try compile(
            optimizer: Adam(learningRate: learningRate ?? 1e-3),
            loss: .sparseCategoricalCrossentropy(fromLogits: !scores.isDistribution),
            metrics: [.accuracy])
        return true
    }

    /// The class probabilities for one image, whatever the model's last activation.
    func probabilities(_ picture: Tensor) throws -> [Float] {
        let scores = try predictOnBatch(picture.reshaped([1] + picture.shape))
        let values = scores.scalars
        if values.count == 1 {
            // A single value is the probability of the second class, or its logit.
            let isProbability = (0...1).contains(values[0])
            let second = isProbability ? values[0] : 1 / (1 + exp(-values[0]))
            return [1 - second, second]
        }
        if scores.isDistribution { return values }
        let largest = values.max() ?? 0
        let exponentials = values.map { exp($0 - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}

extension Tensor {
    /// Whether every row is a distribution: no negative values, and a sum of 1.
    fileprivate var isDistribution: Bool {
        guard rank == 2, shape[1] > 0 else { return false }
        let values = scalars
        return (0..<shape[0]).allSatisfy { row in
            let row = values[row * shape[1]..<(row + 1) * shape[1]]
            // 1e-3: the sum of a thousand float32 probabilities is exact to about 1e-4.
            return row.allSatisfy { $0 >= 0 } && abs(row.reduce(0, +) - 1) < 1e-3
        }
    }
}
