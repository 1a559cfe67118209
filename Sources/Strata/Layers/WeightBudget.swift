import Synchronization

/// How many elements the weights may have that are made now, and that their values come later.
///
/// While a file is read, weights are made for the layers that it names, and then get the file's values:
/// first values of their own would be work for nothing, and a wrong size in the file must not take all
/// memory.
final class WeightBudget: Sendable {
    /// The budget of the file that is being read; `nil` outside of that.
    @TaskLocal static var current: WeightBudget?

    /// What one weight of a model may have that no file limits: more than any machine holds.
    private static let unlimited = 1 << 40

    private let remaining: Mutex<Int>

    init(elementCount: Int) {
        remaining = Mutex(elementCount)
    }

    /// Takes a weight's elements from the budget.
    ///
    /// - Returns: why there can be no such weight; `nil` where there can.
    static func problem(_ name: String, shape: [Int]) -> GraphError.Problem? {
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow, product <= unlimited else {
                return tooLarge(name, shape)
            }
            count = product
        }
        let fits = current?.remaining.withLock { remaining in
            remaining -= min(count, remaining + 1)
            return remaining >= 0
        }
        return fits ?? true ? nil : tooLarge(name, shape)
    }

    private static func tooLarge(_ name: String, _ shape: [Int]) -> GraphError.Problem {
        .invalidArgument(
            "weight \(name) would have the shape \(shape)", fix: "make the layer smaller")
    }
}
