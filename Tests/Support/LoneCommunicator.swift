package import StrataGraph

/// A single rank, whose sums are what it gives; it allocates nothing.
package final class LoneCommunicator: Communicator, @unchecked Sendable {
    package let rank = 0
    package let rankCount = 1
    /// Why the next calls fail, if they do.
    package var failure: String?
    package private(set) var startCount = 0
    package private(set) var finishCount = 0
    package private(set) var progressCount = 0

    package init() {}

    package func startSum(
        _ request: Int, _ values: UnsafeMutableRawPointer, count: Int, dtype: DType
    ) -> Bool {
        startCount += 1
        return failure == nil
    }

    package func progress() { progressCount += 1 }

    package func finishSum(_ request: Int) -> Bool {
        finishCount += 1
        return failure == nil
    }
}
