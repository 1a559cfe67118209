/// A report of loading weights: mismatched, missing and unused ones.
///
/// ```swift
/// let report = try model.loadWeights(from: "resnet50.h5", byName: true, skipMismatch: true)
/// print(report)  // layer predictions: kernel has shape [2048, 10], the file's [2048, 1000]
/// ```
public struct WeightReport: Sendable, Hashable, CustomStringConvertible {
    /// A layer whose weights in the file do not match the model's.
    public struct Mismatch: Sendable, Hashable, CustomStringConvertible {
        /// The difference.
        public enum Reason: Sendable, Hashable {
            case count(expected: Int, found: Int)
            case shape(weight: String, expected: [Int], found: [Int])
        }

        /// The layer's name, or `optimizer` with its name.
        public var layer: String
        public var reason: Reason

        public var description: String {
            switch reason {
            case .count(let expected, let found):
                "\(layer) has \(expected) weights, the file \(found)"
            case .shape(let weight, let expected, let found):
                "\(layer): \(weight) has shape \(expected), the file's \(found)"
            }
        }
    }

    /// Layers that kept their weights, since the file's have another number or shape.
    public internal(set) var mismatches: [Mismatch] = []
    /// Layers with weights for which the file has none.
    public internal(set) var missing: [String] = []
    /// Layers of the file for which the model has none.
    public internal(set) var unused: [String] = []

    /// Whether every weight of the model came from the file.
    public var isComplete: Bool { mismatches.isEmpty && missing.isEmpty }

    /// One line for each entry.
    public var description: String {
        (mismatches.map { "\($0)" } + missing.map { "\($0) is not in the file" }
            + unused.map { "\($0) is only in the file" })
            .joined(separator: "\n")
    }
}

/// Collects values for weights and mismatches.
struct WeightMatching {
    private(set) var values: [(variable: Variable, value: Tensor)] = []
    var report = WeightReport()

    /// Pairs a layer's weights with those of the file.
    ///
    /// - Parameter skipsRest: whether the weights after a mismatch are skipped too. Keras 3.15.1
    ///   does so for files of its own (`Layer.load_own_variables`), but not for those of Keras 2
    ///   (`legacy_h5_format._set_weights`).
    mutating func match(
        _ layer: String, _ variables: [Variable], _ found: [Tensor], skipsRest: Bool
    ) {
        guard found.count == variables.count else {
            report.mismatches.append(
                WeightReport.Mismatch(
                    layer: layer,
                    reason: .count(expected: variables.count, found: found.count)))
            return
        }
        for (variable, value) in zip(variables, found) {
            if variable.shape == value.shape {
                values.append((variable, value))
                continue
            }
            report.mismatches.append(
                WeightReport.Mismatch(
                    layer: layer,
                    reason: .shape(
                        weight: variable.name, expected: variable.shape, found: value.shape)))
            if skipsRest { return }
        }
    }

    mutating func add(_ other: WeightMatching) { values += other.values }

    /// - Throws: one error for all mismatches, if there are any.
    func checkComplete() throws(FileError) {
        if report.mismatches.isEmpty { return }
        let lines = report.mismatches.map { "\($0)" }
        throw FileError(
            lines.count == 1
                ? lines[0] : "\(lines.count) mismatches:\n  " + lines.joined(separator: "\n  "),
            cure: .init(call: "load with skipMismatch: true to leave out what does not fit"))
    }
}
