internal import StrataEngine

/// Sets how many threads compute; at first as many as the cores that the process may use.
///
/// - Parameter count: 1 or more.
public func setThreadCount(_ count: Int) {
    Threads.count = count
}

/// How many threads compute.
public func threadCount() -> Int { Threads.count }
