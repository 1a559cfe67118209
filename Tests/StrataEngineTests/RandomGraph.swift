import StrataGraph
import StrataTestSupport

/// A graph of operations at random on images, rows and numbers, that a seed gives.
///
/// Values stay within about ±10, so that a difference is a defect and not a loss of digits, and no
/// operation jumps but at places that the numbers hit with probability 0.
final class RandomGraph {
    private(set) var inputs: [String: ReferenceTensor] = [:]
    private(set) var variables: [Variable] = []
    private(set) var pool: [SymbolicTensor] = []
    private var generator: SplitMix
    private let count = Variable("count", kind: .seed, value: Tensor([Int32(4)], shape: []))

    /// The largest number of elements; the interpreter takes a while for each.
    private static let largest = 1500

    init(seed: UInt64, operations: Int) {
        generator = SplitMix(seed: seed)
        let channels = generator.pick([1, 2, 3, 4, 8, 16, 17])
        let size = [generator.pick([3, 4, 5, 6]), generator.pick([2, 3, 5])]
        for shape in [[2] + size + [channels], [channels], [2, size[1], channels], [2, 3]] {
            addInput(shape)
        }
        for _ in 0..<operations { grow() }
    }

    /// Outputs, and how variables change along the gradient of their mean.
    func step() -> (
        outputs: [SymbolicTensor], updates: [(variable: Variable, value: SymbolicTensor)]
    ) {
        let outputs = (0..<3).map { _ in generator.pick(pool.suffix(8)) } + [pool[pool.count - 1]]
        let loss = outputs.dropFirst().reduce(outputs[0].mean()) { $0 + $1.mean() }
        let values = variables.map { SymbolicTensor.variable($0) }
        let gradients = loss.gradients(withRespectTo: values + [pool[0]])
        let updates = zip(variables, zip(values, gradients)).map {
            (variable: $0, value: $1.0 - $1.1 * 0.1)
        }
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        return (
            outputs + [gradients[gradients.count - 1]],
            updates + [(count, .variable(count) + one)]
        )
    }

    private func drawn(_ shape: [Int]) -> [Float] {
        (0..<shape.reduce(1, *)).map { _ in .random(in: -1...1, using: &generator) }
    }

    private func addInput(_ shape: [Int]) {
        let name = "\(inputs.count)"
        inputs[name] = ReferenceTensor(drawn(shape).map(Double.init), shape: shape)
        pool.append(.input(name, Shape(shape)))
    }

    private func weight(_ shape: [Int]) -> SymbolicTensor {
        // Divided by the fan-in, so that sums stay of the size of their terms.
        let scale = 2 / Float(max(shape.dropLast().reduce(1, *), 1)).squareRoot()
        let values = Tensor(drawn(shape).map { $0 * scale }, shape: shape)
        variables.append(Variable("w\(variables.count)", value: values))
        return .variable(variables[variables.count - 1])
    }

    private func grow() {
        let x = generator.pick(generator.pick([pool, pool.suffix(5), pool.suffix(2)]))
        let kinds = [
            unary, unary, binary, binary, binary, select, convolution, convolution,
            transposedConvolution, pooling, normalization, dropout, reduction, softmax, movement,
            movement, join, product,
        ]
        let result = generator.pick(kinds)(x)
        guard let result, result.error == nil, let size = result.shape.elementCount,
            size > 0, size <= Self.largest
        else { return }
        pool.append(result)
    }

    private func unary(_ x: SymbolicTensor) -> SymbolicTensor? {
        switch generator.pick(Array(0..<10)) {
        case 0: x.relu()
        case 1: x.tanh()
        case 2: x.sigmoid()
        case 3: x.sin() * 2
        case 4: (x.square() + 0.5).sqrt()
        case 5: x.tanh().exp()
        case 6: (x.absolute() + 0.1).log()
        case 7: 1 / (x.square() + 1)
        case 8: x.clipped(-1.5, 1.5)
        default: x * 0.5 + 0.25
        }
    }

    private func binary(_ x: SymbolicTensor) -> SymbolicTensor? {
        let fitting = pool.filter { $0.shape.broadcast(with: x.shape) != nil }
        let y = generator.pick(fitting)
        return switch generator.pick(Array(0..<7)) {
        case 0: x + y
        case 1: x - y
        case 2: x.tanh() * y
        case 3: x / (y.square() + 1)
        case 4: x.maximum(y * 0.75)
        case 5: y.minimum(x + 0.3)
        default: (x + y) * 0.5 + y * x.sigmoid()
        }
    }

    private func select(_ x: SymbolicTensor) -> SymbolicTensor? {
        let fitting = pool.filter { $0.shape.broadcast(with: x.shape) != nil }
        let y = generator.pick(fitting)
        return x.greater(than: 0.125).select(y, x * 2)
    }

    private func convolution(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank >= 3, x.rank <= 5, let channels = x.shape[-1] else { return nil }
        let size = (0..<x.rank - 2).map { _ in generator.pick([1, 2, 3]) }
        let filters = generator.pick([1, 3, 8, 16, 17])
        let bias = generator.pick([true, false]) ? weight([filters]) : nil
        let kernel = weight(size + [channels, filters])
        let strides = size.map { _ in generator.pick([1, 1, 2]) }
        let padding = generator.pick(Padding.allCases)
        let y = x.convolved(with: kernel, bias: bias, strides: strides, padding: padding)
        return generator.pick([true, false]) ? y.relu() : y
    }

    private func transposedConvolution(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank >= 3, x.rank <= 5, let shape = x.shape.known else { return nil }
        let filters = generator.pick([1, 3, 8, 16])
        let size = (0..<x.rank - 2).map { _ in 2 }
        let window = Window(size: size, strides: size, padding: .valid)
        let image =
            [shape[0]] + shape.dropFirst().dropLast().map { $0 * 2 } + [filters]
        let backward = ConvolutionBackwardData(
            convolution: Convolution(window: window), shape: Shape(image))
        let kernel = weight(size + [filters, shape[shape.count - 1]])
        return .apply(.convolutionBackwardData(backward), x, kernel)
    }

    private func pooling(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank >= 3, x.rank <= 5 else { return nil }
        let size = (0..<x.rank - 2).map { _ in generator.pick([1, 2, 3]) }
        let strides = size.map { _ in generator.pick([1, 2]) }
        let window = Window(
            size: size, strides: strides, padding: generator.pick([.valid, .same]))
        let kind = generator.pick([Pooling.Kind.maximum, .average])
        return .apply(
            .pooling(Pooling(kind: kind, window: generator.pick([window, window, nil]))), x)
    }

    private func normalization(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank >= 2, x.rank <= 5, let shape = x.shape.known, shape.dropLast().reduce(1, *) > 3
        else { return nil }
        let channels = [shape[shape.count - 1]]
        let batch = BatchNormalization(epsilon: 0.1, usesGivenStatistics: false)
        return SymbolicTensor.applying(
            .batchNormalization(batch), [x, weight(channels) + 1, weight(channels)])[0]
    }

    private func dropout(_ x: SymbolicTensor) -> SymbolicTensor? {
        let key = generator.next()
        let dropout = Operation.dropout(Dropout(rate: 0.3, key: key))
        // Half of them draw for rows of a larger batch.
        guard x.rank > 0, key % 2 == 0 else { return .apply(dropout, x, .variable(count)) }
        let firstRow = SymbolicTensor.constant(Tensor([Int32(5)], shape: []))
        return .apply(dropout, x, .variable(count), firstRow)
    }

    private func axes(_ x: SymbolicTensor) -> [Int] {
        (0..<x.rank).filter { _ in generator.pick([true, false]) }
    }

    private func reduction(_ x: SymbolicTensor) -> SymbolicTensor? {
        let keeps = generator.pick([true, false])
        let axes = axes(x)
        return switch generator.pick([0, 1, 2, 3]) {
        case 0: x.mean(axes: axes, keepDimensions: keeps)
        case 1: x.sum(axes: axes, keepDimensions: keeps) * 0.2
        case 2: x.max(axes: axes, keepDimensions: keeps)
        default: x.min(axes: axes, keepDimensions: keeps)
        }
    }

    private func softmax(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank > 0 else { return nil }
        let axis = generator.pick(Array(0..<x.rank))
        return generator.pick([true, false])
            ? x.softmax(axis: axis) : x.logSoftmax(axis: axis) * 0.3
    }

    private func movement(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard let shape = x.shape.known, !shape.isEmpty else { return x.reshaped([1]) }
        switch generator.pick([0, 1, 2, 3, 4, 5]) {
        case 0: return x.transposed(Array(0..<x.rank).shuffled(using: &generator))
        case 1: return x.reshaped([shape[0], -1])
        case 2: return x.reshaped(Shape(shape.reversed()))
        case 3:
            let amounts = shape.map { _ in generator.pick([0, 0, 1]) }
            return x.padded(before: amounts, after: amounts.reversed(), value: 0.5)
        case 4:
            let start = shape.map { $0 > 1 ? generator.pick([0, 1]) : 0 }
            let sizes = zip(shape, start).map { length, start in
                generator.pick(Array(1...length - start))
            }
            return x.sliced(from: start, sizes: sizes)
        default: return x.broadcast(to: Shape([2] + shape))
        }
    }

    private func join(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank > 0 else { return nil }
        let axis = generator.pick(Array(0..<x.rank))
        let fitting = pool.filter { other in
            other.rank == x.rank
                && (0..<x.rank).allSatisfy { $0 == axis || other.shape[$0] == x.shape[$0] }
        }
        let others = (0..<generator.pick([1, 2])).map { _ in generator.pick(fitting) }
        return .concatenated([x] + others, axis: axis)
    }

    private func product(_ x: SymbolicTensor) -> SymbolicTensor? {
        guard x.rank > 1, let shape = x.shape.known else { return nil }
        let width = shape.dropFirst().reduce(1, *)
        let units = generator.pick([1, 3, 8, 16, 17])
        let bias = generator.pick([true, false]) ? weight([units]) : nil
        let y = x.reshaped([shape[0], width]).multiplied(by: weight([width, units]), bias: bias)
        return generator.pick([true, false]) ? y.tanh() : y
    }
}
