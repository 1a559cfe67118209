/// Lets whoever waits for data stop its reading.
///
/// Reading is synchronous, and may run on a thread without a task that could be cancelled.
package enum DataReading {
    // Not the function itself: an optimised build by Swift 6.3 finds no metadata for its type, and ends
    // where the value is set.
    private struct Check: Sendable {
        let isUnwanted: @Sendable () -> Bool
    }

    @TaskLocal private static var check: Check?

    /// Whether the data is no longer wanted; asked often, by the thread that reads.
    static var isUnwanted: (@Sendable () -> Bool)? { check?.isUnwanted }

    /// Runs `body`, whose reading ends with ``DataError/stopped`` once `isUnwanted` says so.
    package static func stopping<Result>(
        when isUnwanted: (@Sendable () -> Bool)?, _ body: () throws -> Result
    ) rethrows -> Result {
        try $check.withValue(isUnwanted.map { Check(isUnwanted: $0) }, operation: body)
    }

    /// - Throws: ``DataError/stopped`` if the data is no longer wanted.
    static func checkWanted() throws(DataError) {
        if isUnwanted?() == true { throw .stopped }
    }
}
