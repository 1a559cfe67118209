import Foundation
import StrataGraph

extension Reference {
    static func reduce(_ reduction: Reduction, _ x: ReferenceTensor) -> ReferenceTensor {
        // Which elements belong together: those of equal index outside of the reduced axes.
        let kept = x.shape.indices.map { reduction.axes.contains($0) ? 1 : x.shape[$0] }
        var groups = Array(repeating: [Double](), count: kept.reduce(1, *))
        let strides = ReferenceTensor(repeating: 0, shape: kept).strides
        forEachIndex(of: x.shape) { index in
            let group = index.indices.filter { !reduction.axes.contains($0) }
                .reduce(0) { $0 + index[$1] * strides[$1] }
            groups[group].append(x[index])
        }
        let shape =
            reduction.keepDimensions
            ? kept : x.shape.indices.filter { !reduction.axes.contains($0) }.map { x.shape[$0] }
        return ReferenceTensor(groups.map { value(reduction.kind, $0) }, shape: shape)
    }

    private static func value(_ kind: Reduction.Kind, _ group: [Double]) -> Double {
        switch kind {
        case .sum: group.reduce(0, +)
        case .mean: group.reduce(0, +) / Double(group.count)
        case .product: group.reduce(1, *)
        case .maximum: group.reduce(-.infinity) { value(.maximum, $0, $1) }
        case .minimum: group.reduce(.infinity) { value(.minimum, $0, $1) }
        }
    }

    static func cumulativeSum(_ sum: CumulativeSum, _ x: ReferenceTensor) -> ReferenceTensor {
        lines(x, axis: sum.axis, shape: x.shape) { line in
            line.indices.map { position in
                let before = sum.isReversed ? line[position...].dropFirst() : line[..<position]
                return before.reduce(sum.isExclusive ? 0 : line[position], +)
            }
        }
    }

    /// Applies a function to every line of elements along an axis.
    private static func lines(
        _ x: ReferenceTensor, axis: Int, shape: [Int], _ function: ([Double]) -> [Double]
    ) -> ReferenceTensor {
        var result = ReferenceTensor(repeating: 0, shape: shape)
        var starts = x.shape
        starts[axis] = 1
        forEachIndex(of: starts) { start in
            var index = start
            let line = (0..<x.shape[axis]).map { place in
                index[axis] = place
                return x[index]
            }
            for (place, value) in function(line).enumerated() {
                var target = start
                if shape.count < start.count {
                    target.remove(at: axis)
                } else {
                    target[axis] = place
                }
                result[target] = value
            }
        }
        return result
    }

    static func argMax(_ argMax: ArgMax, _ x: ReferenceTensor) -> ReferenceTensor {
        var shape = x.shape
        shape.remove(at: argMax.axis)
        return lines(x, axis: argMax.axis, shape: shape) { line in
            [Double(line.firstIndex(where: \.isNaN) ?? line.firstIndex(of: line.max() ?? 0) ?? 0)]
        }
    }

    static func softmax(_ softmax: Softmax, _ x: ReferenceTensor) -> ReferenceTensor {
        lines(x, axis: softmax.axis, shape: x.shape) { line in
            let top = line.max() ?? 0
            let sum = line.reduce(0) { $0 + exp($1 - top) }
            return line.map { softmax.isLogarithm ? $0 - top - log(sum) : exp($0 - top) / sum }
        }
    }

    static func oneHot(_ oneHot: OneHot, _ x: ReferenceTensor) -> ReferenceTensor {
        let values = x.values.flatMap { place in
            (0..<oneHot.depth).map { Double($0) == place ? 1.0 : 0.0 }
        }
        return ReferenceTensor(values, shape: x.shape + [oneHot.depth])
    }

    static func inTopK(_ inTopK: InTopK, _ x: ReferenceTensor, classes: ReferenceTensor)
        -> ReferenceTensor
    {
        let width = x.shape[1]
        let values = classes.values.enumerated().map { row, place -> Double in
            let line = Array(x.values[row * width..<(row + 1) * width])
            guard place >= 0, Int(place) < width, line[Int(place)].isFinite else { return 0 }
            return line.filter { $0 > line[Int(place)] }.count < inTopK.k ? 1 : 0
        }
        return ReferenceTensor(values, shape: classes.shape)
    }
}
