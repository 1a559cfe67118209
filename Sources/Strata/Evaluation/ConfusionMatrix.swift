/// A confusion matrix: counts of true and predicted classes.
///
/// ```swift
/// let matrix = try ConfusionMatrix(
///     labels: [0, 0, 1], predictions: [0, 1, 1], classNames: ["cat", "dog"])
/// print(matrix)            // the counts in a table
/// print(matrix.report)     // precision, recall and F1 of each class
/// matrix.counts            // [[1, 1], [0, 1]]
/// matrix.recall(of: 0)     // 0.5
/// ```
///
/// `StrataVisualization` draws it: `try matrix.drawing().write(to: "confusion.png")`.
public struct ConfusionMatrix: Sendable, Hashable {
    public let classNames: [String]
    /// Rows are true classes, columns predicted ones.
    public let counts: [[Int]]

    /// - Parameters:
    ///   - labels: the true class of each sample.
    ///   - predictions: the predicted class of each sample.
    ///   - classNames: the class names, one for each class.
    /// - Throws: a ``ModelError`` unless there are as many predictions as labels, and a name for
    ///   each class.
    public init(labels: [Int], predictions: [Int], classNames: [String]) throws {
        guard labels.count == predictions.count else {
            throw ModelError(
                .unequalCounts(what: "predictions", got: predictions.count, samples: labels.count))
        }
        if let stranger = (labels + predictions).first(where: { !classNames.indices.contains($0) })
        {
            throw ModelError(
                .invalidArgument(
                    "there is a class \(stranger), but \(classNames.count) classes have names",
                    fix: "number the classes from 0, and give a name to each"))
        }
        var counts = classNames.map { _ in classNames.map { _ in 0 } }
        for (label, prediction) in zip(labels, predictions) { counts[label][prediction] += 1 }
        self.classNames = classNames
        self.counts = counts
    }

    /// - Parameters:
    ///   - labels: the true class of each sample, integers `[n]`.
    ///   - predictions: the predicted class of each sample, as from
    ///     ``Tensor/argMax(axis:keepDimensions:)``.
    ///   - classNames: the class names; their indices if left out.
    /// - Throws: as ``init(labels:predictions:classNames:)``.
    public init(labels: Tensor, predictions: Tensor, classNames: [String]? = nil) throws {
        let (labels, predictions) = (labels.integers, predictions.integers)
        let largest = (labels + predictions).max() ?? 0
        guard largest < 10_000 else {
            throw ModelError(
                .invalidArgument(
                    "there is a class \(largest)",
                    fix: "give class indices from 0 to 9999, such as those of argMax()"))
        }
        let count = max(largest, 0) + 1
        try self.init(
            labels: labels, predictions: predictions,
            classNames: classNames ?? (0..<count).map(String.init))
    }

    /// The number of samples.
    public var total: Int { counts.joined().reduce(0, +) }

    /// The fraction of samples that are predicted correctly; NaN without samples.
    public var accuracy: Double {
        Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
    }

    /// The number of samples of the class; 0 of one that is not there.
    public func support(of index: Int) -> Int {
        counts.indices.contains(index) ? counts[index].reduce(0, +) : 0
    }

    /// The number of predictions of the class; 0 of one that is not there.
    public func predictedCount(of index: Int) -> Int {
        counts.indices.contains(index) ? counts.reduce(0) { $0 + $1[index] } : 0
    }

    /// Fraction of predictions of the class that are correct; 0 if there are none, as in Keras's
    /// `Precision`.
    public func precision(of index: Int) -> Double {
        let taken = predictedCount(of: index)
        return taken == 0 ? 0 : Double(counts[index][index]) / Double(taken)
    }

    /// Fraction of samples of the class that are predicted correctly; 0 if there are none.
    public func recall(of index: Int) -> Double {
        let all = support(of: index)
        return all == 0 ? 0 : Double(counts[index][index]) / Double(all)
    }

    /// The harmonic mean of precision and recall; 0 if both are 0.
    public func f1Score(of index: Int) -> Double {
        let (precision, recall) = (precision(of: index), recall(of: index))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    /// The most frequent confusions, in descending order.
    public func confusions(_ count: Int = 5) -> [(label: Int, prediction: Int, count: Int)] {
        let pairs = counts.indices.flatMap { row in
            counts.indices.filter { $0 != row && counts[row][$0] > 0 }.map { column in
                (label: row, prediction: column, count: counts[row][column])
            }
        }
        // Swift's sort is not stable; the class indices break ties.
        let sorted = pairs.sorted {
            ($1.count, $0.label, $0.prediction) < ($0.count, $1.label, $1.prediction)
        }
        return Array(sorted.prefix(max(count, 0)))
    }
}

extension ConfusionMatrix: CustomStringConvertible {
    /// The counts in a table: a row for each true class, a column for each predicted class.
    ///
    /// Columns have the names of the classes, or their indices if the names do not fit into 80
    /// columns.
    public var description: String {
        let numbers = classNames.indices.map(String.init)
        var lines = table(heads: classNames, names: classNames)
        if lines[0].columnCount > 80 {
            let names = zip(numbers, classNames).map { "\($0) \($1)".shortened(toColumns: 30) }
            lines = table(heads: numbers, names: names)
        }
        let title = "confusion matrix: rows are true classes, columns predicted classes"
        return ([title] + lines).joined(separator: "\n")
    }

    /// The lines of the table of counts, headers first.
    private func table(heads: [String], names: [String]) -> [String] {
        let cells = counts.map { $0.map(String.init) }
        let left = names.map(\.columnCount).max() ?? 0
        let widths = heads.indices.map { column in
            2 + ([heads] + cells).reduce(0) { max($0, $1[column].columnCount) }
        }
        return zip([""] + names, [heads] + cells).map { name, row in
            name.padded(toColumns: left)
                + zip(row, widths).map { $0.padded(toColumns: $1, alignsRight: true) }.joined()
        }
    }

    /// A table: for each class precision, recall, F1 and the number of samples.
    ///
    /// A dash means that a rate is undefined: the class is never predicted, or has no samples.
    public var report: String {
        // A line is at most 80 columns long, four of them with 10.
        let names = classNames.map { $0.shortened(toColumns: 40) }
        let width = max(names.map(\.columnCount).max() ?? 0, 5)
        func cell(_ text: String) -> String { text.padded(toColumns: 10, alignsRight: true) }
        func share(_ value: Double, isDefined: Bool) -> String {
            guard isDefined else { return cell("-") }
            let text = "\(Int((value * 1000).rounded()))"
            let digits = String(repeating: "0", count: max(4 - text.count, 0)) + text
            return cell("\(digits.dropLast(3)).\(digits.suffix(3))")
        }
        let titles = ["precision", "recall", "f1", "samples"].map(cell).joined()
        let rows = names.enumerated().map { index, name in
            let (support, predicted) = (support(of: index), predictedCount(of: index))
            return name.padded(toColumns: width)
                + share(precision(of: index), isDefined: predicted > 0)
                + share(recall(of: index), isDefined: support > 0)
                + share(f1Score(of: index), isDefined: support + predicted > 0)
                + cell("\(support)")
        }
        return ([String(repeating: " ", count: width) + titles] + rows).joined(separator: "\n")
    }
}
