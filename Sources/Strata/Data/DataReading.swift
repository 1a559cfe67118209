/// Lets whoever waits for data stop its reading.
///
/// Reading is synchronous, and may run on a thread without a task that could be cancelled.
package enum DataReading {
    /// Whether the data is no longer wanted; asked often, by the thread that reads.
    @TaskLocal package static var isUnwanted: (@Sendable () -> Bool)?

    /// - Throws: ``DataError/stopped`` if the data is no longer wanted.
    static func checkWanted() throws(DataError) {
        if isUnwanted?() == true { throw .stopped }
    }
}
