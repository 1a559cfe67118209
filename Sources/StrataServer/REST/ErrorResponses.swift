#if Server
package import HTTPTypes
package import Hummingbird
import Logging
import NIOCore

/// Answers every error in the protocols' form, `{"error": …}`.
package struct ErrorResponses: RouterMiddleware {
    package typealias Context = ServerRequestContext

    private let routes: RouteIndex

    /// - Parameter routes: for paths and methods that are not there.
    package init(_ routes: RouteIndex) { self.routes = routes }

    package func handle(
        _ request: Request, context: ServerRequestContext,
        next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as ServingError {
            return Self.response(error)
        } catch let error as HTTPError where error.status == .notFound {
            return routes.refusal(request)
        } catch let error as any HTTPResponseError {
            return Self.response(error.status, error.status.reasonPhrase)
        } catch is CancellationError {
            return Self.response(ServingError(.unavailable, "the request was cancelled"))
        } catch {
            context.logger.error("A request failed", metadata: ["error": "\(error)"])
            return Self.response(
                ServingError(.internalError, "the server failed; its log says why"))
        }
    }

    package static func response(_ error: ServingError) -> Response {
        var response = response(error.status.http, error.message)
        switch error.status {
        case .queueFull, .unavailable: response.headers[.retryAfter] = "1"
        case .unauthenticated: response.headers[.wwwAuthenticate] = "Bearer"
        case .invalidArgument, .permissionDenied, .notFound, .timeout, .tooLarge,
            .unsupportedMediaType, .internalError, .unimplemented:
            break
        }
        return response
    }

    static func response(
        _ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: body(message)))
    }

    /// `{"error": …}`.
    static func body(_ message: String) -> ByteBuffer {
        var writer = JSONWriter(capacity: message.utf8.count + 16)
        writer.object {
            $0.name("error")
            $0.string(message)
        }
        return writer.buffer
    }
}

extension ServingError.Status {
    /// The status in HTTP.
    package var http: HTTPResponse.Status {
        switch self {
        case .invalidArgument: .badRequest
        case .unauthenticated: .unauthorized
        case .permissionDenied: .forbidden
        case .notFound: .notFound
        case .timeout: .requestTimeout
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .queueFull: .tooManyRequests
        case .internalError: .internalServerError
        case .unimplemented: .notImplemented
        case .unavailable: .serviceUnavailable
        }
    }
}
#endif
