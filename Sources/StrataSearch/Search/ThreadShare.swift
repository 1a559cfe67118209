internal import Strata

/// A worker's share of the threads that all workers of a machine have together.
struct ThreadShare {
    /// The threads to share out.
    let total: Int
    /// The number of workers that will be there, if some of them are still being started.
    let expectedWorkers: Int

    /// Sets the number of threads for the next trial.
    ///
    /// - Parameter workers: the number of workers now.
    func take(of workers: Int) {
        setThreadCount(max(total / max(workers, expectedWorkers, 1), 1))
    }

    func restore() { setThreadCount(total) }
}
