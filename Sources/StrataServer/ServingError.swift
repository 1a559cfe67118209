#if Server
/// What a request gets instead of an answer.
///
/// The sentence names what came, what is expected and what to change. It holds no path of the
/// machine.
public struct ServingError: Error, Sendable, Hashable {
    /// The statuses of HTTP and gRPC in one.
    public enum Status: Sendable, Hashable {
        /// 400, `INVALID_ARGUMENT`.
        case invalidArgument
        /// 401, `UNAUTHENTICATED`.
        case unauthenticated
        /// 403, `PERMISSION_DENIED`.
        case permissionDenied
        /// 404, `NOT_FOUND`.
        case notFound
        /// 408, `DEADLINE_EXCEEDED`.
        case timeout
        /// 413, `RESOURCE_EXHAUSTED`.
        case tooLarge
        /// 415, `INVALID_ARGUMENT`.
        case unsupportedMediaType
        /// 429 with `Retry-After`, `RESOURCE_EXHAUSTED`.
        case queueFull
        /// 500, `INTERNAL`.
        case internalError
        /// 501, `UNIMPLEMENTED`.
        case unimplemented
        /// 503, `UNAVAILABLE`.
        case unavailable
    }

    public let status: Status
    public let message: String

    public init(_ status: Status, _ message: String) {
        self.status = status
        self.message = message
    }
}
#endif
