/// How often samples of each class were taken for each class.
///
/// ```swift
/// let matrix = try ConfusionMatrix(
///     labels: [0, 0, 1], predictions: [0, 1, 1], classNames: ["cat", "dog"])
/// matrix.counts            // [[1, 1], [0, 1]]
/// matrix.recall(of: 0)     // 0.5
/// try matrix.drawing().write(to: "confusion.png")
/// ```
public struct ConfusionMatrix: Sendable, Hashable {
    public let classNames: [String]
    /// Rows are the right classes, columns what they were taken for.
    public let counts: [[Int]]

    /// - Parameters:
    ///   - labels: the right class of each sample.
    ///   - predictions: what it was taken for.
    ///   - classNames: what the classes are called; their number is the number of classes.
    /// - Throws: a ``ModelError`` where there are not as many predictions as labels, or a class has no
    ///   name.
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

    /// All samples.
    public var total: Int { counts.joined().reduce(0, +) }

    /// The share of samples that were taken for what they are; not a number without samples.
    public var accuracy: Double {
        Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
    }

    /// How many samples of the class there are.
    public func support(of index: Int) -> Int { counts[index].reduce(0, +) }

    /// Of the samples that were taken for the class, the share that is of it; 0 where there are none, as in
    /// Keras's `Precision`.
    public func precision(of index: Int) -> Double {
        let taken = counts.reduce(0) { $0 + $1[index] }
        return taken == 0 ? 0 : Double(counts[index][index]) / Double(taken)
    }

    /// Of the samples of the class, the share that was taken for it; 0 where there are none.
    public func recall(of index: Int) -> Double {
        let all = support(of: index)
        return all == 0 ? 0 : Double(counts[index][index]) / Double(all)
    }

    /// The harmonic mean of precision and recall; 0 where both are.
    public func f1Score(of index: Int) -> Double {
        let (precision, recall) = (precision(of: index), recall(of: index))
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    /// The pairs of classes that were mistaken most often, most frequent first.
    public func confusions(_ count: Int = 5) -> [(label: Int, prediction: Int, count: Int)] {
        let pairs = counts.indices.flatMap { row in
            counts.indices.filter { $0 != row && counts[row][$0] > 0 }.map { column in
                (label: row, prediction: column, count: counts[row][column])
            }
        }
        // Swift's sort keeps no order among equals; the classes' numbers do.
        let sorted = pairs.sorted {
            ($1.count, $0.label, $0.prediction) < ($0.count, $1.label, $1.prediction)
        }
        return Array(sorted.prefix(max(count, 0)))
    }
}

extension ConfusionMatrix: CustomStringConvertible {
    /// A table: for each class precision, recall, F1 and the number of samples.
    public var description: String {
        let width = max(classNames.map(\.count).max() ?? 0, 5)
        func cell(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(width - text.count, 0)) + text
        }
        func share(_ value: Double) -> String {
            let text = "\(Int((value * 1000).rounded()))"
            let digits = String(repeating: "0", count: max(4 - text.count, 0)) + text
            return cell("\(digits.dropLast(3)).\(digits.suffix(3))", 10)
        }
        var lines = [
            String(repeating: " ", count: width) + cell("precision", 10) + cell("recall", 10)
                + cell("f1", 10) + cell("samples", 10)
        ]
        for (index, name) in classNames.enumerated() {
            lines.append(
                name + String(repeating: " ", count: width - name.count)
                    + share(precision(of: index)) + share(recall(of: index))
                    + share(f1Score(of: index)) + cell("\(support(of: index))", 10))
        }
        return lines.joined(separator: "\n")
    }
}
