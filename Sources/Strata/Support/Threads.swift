/// Sets the number of compute threads; the default is the number of cores that the process may use.
///
/// - Parameter count: 1 or more.
public func setThreadCount(_ count: Int) {
    computeEngine.threadCount = count
}

/// The number of compute threads.
public func threadCount() -> Int { computeEngine.threadCount }
