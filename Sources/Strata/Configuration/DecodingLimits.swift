internal import StrataGraph
import Synchronization

/// The limits of reading a file: elements of weights, layers, and calls of layers.
///
/// While a file is read, weights are created for its layers and then set to the file's values.
/// Initial values would be wasted work, and a wrong size in the file must not exhaust memory. A few
/// lines can describe a model that calls another one twice, which calls a third one twice, and so
/// on; such a file must not take unbounded time.
final class DecodingLimits: Sendable {
    /// The budget of the file that is being read; `nil` otherwise.
    @TaskLocal static var current: DecodingLimits?

    /// Ten times what the deepest of Keras's applications has (NASNetLarge, 1,039).
    private static let layerCount = 10_000

    /// A layer is called once for each model that contains it, and again for each call of that
    /// model.
    private static let callCount = 30_000

    private struct Remaining {
        var elements: Int
        var layers = layerCount
        var calls = callCount
    }

    private let remaining: Mutex<Remaining>

    init(elementCount: Int) {
        remaining = Mutex(Remaining(elements: elementCount))
    }

    /// Takes one layer from the budget.
    static func takeLayer(at path: String) throws(ConfigurationError) {
        if !take(1, \.layers) {
            throw ConfigurationError(
                path: path, message: "more than \(layerCount) layers; such files are refused")
        }
    }

    /// Takes one call of a layer from the budget.
    ///
    /// - Returns: the reason for a refusal; `nil` if there is none.
    static func callProblem() -> GraphError.Problem? {
        take(1, \.calls)
            ? nil
            : .invalidArgument(
                "the layers of this file are called more than \(callCount) times",
                fix: "call fewer models within models")
    }

    /// Takes a weight's elements from the budget.
    ///
    /// - Returns: the reason for a refusal; `nil` if there is none.
    static func problem(_ name: String, shape: [Int], dtype: DType) -> GraphError.Problem? {
        let memory = HostMemory.problem("weight \(name)", TensorType(Shape(shape), dtype))
        guard shape.allSatisfy({ $0 >= 0 }) else { return tooLarge(name, shape) }
        let count = shape.contains(0) ? 0 : Shape(shape).elementCount
        // The message is the same on every machine.
        if current != nil, !(count.map { take($0, \.elements) } ?? false) {
            return tooLarge(name, shape)
        }
        if let problem = memory ?? (count == nil ? tooLarge(name, shape) : nil) { return problem }
        return HostMemory.shortage(
            "weight \(name)", byteCount: TensorType(Shape(shape), dtype).leastByteCount)
    }

    private static func take(_ count: Int, _ what: WritableKeyPath<Remaining, Int>) -> Bool {
        guard let current else { return true }
        return current.remaining.withLock { remaining in
            let left = remaining[keyPath: what]
            remaining[keyPath: what] = max(left - count, -1)
            return left >= count
        }
    }

    private static func tooLarge(_ name: String, _ shape: [Int]) -> GraphError.Problem {
        .invalidArgument(
            "weight \(name) would have the shape \(shape)", fix: "make the layer smaller")
    }
}

/// Runs `body`, in which layers are made whose weights are not needed but for their shapes: they are
/// 0.
///
/// - Parameter elementCount: how many elements the weights may have in all; a layer beyond that is an error.
package func withoutInitialValues<R>(
    upTo elementCount: Int, _ body: () throws -> R
) rethrows -> R {
    try DecodingLimits.$current.withValue(
        DecodingLimits(elementCount: elementCount), operation: body)
}
