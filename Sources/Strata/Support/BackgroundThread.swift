internal import Foundation

/// Threads whose start may fail.
///
/// Foundation's `Thread` says nothing where the system starts none: who waits for it waits for ever.
enum BackgroundThread {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own.
    ///
    /// - Throws: a ``ModelError`` if the system starts no thread, for want of memory for example.
    static func start(_ body: @escaping @Sendable () -> Void) throws(ModelError) {
        let work = Unmanaged.passRetained(Work(body))
        #if os(Linux)
        var thread = pthread_t()
        #else
        var thread: pthread_t?
        #endif
        let status = pthread_create(&thread, nil, { BackgroundThread.run($0) }, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw ModelError(
                .invalidArgument(
                    "no thread could be started: \(String(cString: strerror(status)))",
                    fix: "free memory, or end other programs or threads"))
        }
        #if os(Linux)
        pthread_detach(thread)
        #else
        if let thread { pthread_detach(thread) }
        #endif
    }

    private static func run(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
        return nil
    }
}
