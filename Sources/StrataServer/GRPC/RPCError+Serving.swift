#if Server
import GRPCCore

extension RPCError {
    /// The status of gRPC that an error is.
    init(_ error: ServingError) {
        self.init(code: Code(error.status), message: error.message)
    }
}

extension RPCError.Code {
    init(_ status: ServingError.Status) {
        self =
            switch status {
            case .invalidArgument, .unsupportedMediaType: .invalidArgument
            case .unauthenticated: .unauthenticated
            case .permissionDenied: .permissionDenied
            case .notFound: .notFound
            case .timeout: .deadlineExceeded
            case .tooLarge, .queueFull: .resourceExhausted
            case .internalError: .internalError
            case .unimplemented: .unimplemented
            case .unavailable: .unavailable
            }
    }
}
#endif
