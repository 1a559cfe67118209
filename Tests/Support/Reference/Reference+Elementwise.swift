import Foundation
import StrataGraph

extension Reference {
    static func value(_ function: UnaryFunction, _ x: Double) -> Double {
        switch function {
        case .negate: -x
        case .absolute: abs(x)
        case .sign: x > 0 ? 1 : (x < 0 ? -1 : x)
        case .exp: exp(x)
        case .expm1: expm1(x)
        case .log: log(x)
        case .log1p: log1p(x)
        case .sqrt: sqrt(x)
        case .reciprocal: 1 / x
        case .square: x * x
        case .sin: sin(x)
        case .cos: cos(x)
        case .tanh: tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .relu: x > 0 || x.isNaN ? x : 0
        case .erf: erf(x)
        case .floor: floor(x)
        case .round: x.rounded(.toNearestOrEven)
        case .stopGradient: x
        }
    }

    static func value(_ function: BinaryFunction, _ a: Double, _ b: Double) -> Double {
        switch function {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
        case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
        case .power: pow(a, b)
        case .equal: a == b ? 1 : 0
        case .notEqual: a != b ? 1 : 0
        case .less: a < b ? 1 : 0
        case .lessEqual: a <= b ? 1 : 0
        case .greater: a > b ? 1 : 0
        case .greaterEqual: a >= b ? 1 : 0
        }
    }

    static func combine(
        _ a: ReferenceTensor, _ b: ReferenceTensor, _ function: (Double, Double) -> Double
    ) -> ReferenceTensor {
        let shape = common(a.shape, b.shape)
        let (left, right) = (a.broadcast(to: shape), b.broadcast(to: shape))
        return ReferenceTensor(zip(left.values, right.values).map(function), shape: shape)
    }

    static func select(_ condition: ReferenceTensor, _ a: ReferenceTensor, _ b: ReferenceTensor)
        -> ReferenceTensor
    {
        let shape = common(condition.shape, common(a.shape, b.shape))
        let (left, right) = (a.broadcast(to: shape), b.broadcast(to: shape))
        let values = condition.broadcast(to: shape).values.enumerated().map { place, holds in
            holds != 0 ? left.values[place] : right.values[place]
        }
        return ReferenceTensor(values, shape: shape)
    }

    /// The shape that two shapes have together: the larger of two dimensions, aligned at the ends.
    private static func common(_ a: [Int], _ b: [Int]) -> [Int] {
        let rank = max(a.count, b.count)
        let left = Array(repeating: 1, count: rank - a.count) + a
        let right = Array(repeating: 1, count: rank - b.count) + b
        return zip(left, right).map { $0 == 1 ? $1 : $0 }
    }

    /// The index of a tensor's first element in a batch in which `row` is its first row.
    private static func offset(_ row: ReferenceTensor?, of count: Int?, _ shape: [Int]) -> Int {
        guard let row else { return 0 }
        return Int(row.values[0]) * (count ?? shape.dropFirst().reduce(1, *))
    }

    static func dropout(
        _ dropout: Dropout, _ x: ReferenceTensor, step: ReferenceTensor, firstRow: ReferenceTensor?
    ) -> ReferenceTensor {
        let rate = Double(dropout.rate)
        let first = offset(firstRow, of: dropout.rowElementCount, x.shape)
        let values = x.values.enumerated().map { place, value in
            let draw = Philox.draw(
                index: first + place, step: Int32(step.values[0]), key: dropout.key)
            return Double(draw) < (rate * 65_536).rounded() ? 0 : value / (1 - rate)
        }
        return ReferenceTensor(values, shape: x.shape)
    }

    static func random(
        _ random: RandomUniform, step: ReferenceTensor, firstRow: ReferenceTensor?
    ) -> ReferenceTensor {
        let first = offset(firstRow, of: nil, random.shape)
        let values = (0..<random.shape.reduce(1, *)).map {
            Philox.uniform(index: first + $0, step: Int32(step.values[0]), key: random.key)
        }
        return ReferenceTensor(values, shape: random.shape)
    }
}
