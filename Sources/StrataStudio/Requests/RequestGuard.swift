#if Server
import HTTPTypes
import Hummingbird
import Logging
import StrataServer

/// Lets only the page itself use its API, and turns errors into answers.
///
/// A page from elsewhere that is open in the same browser can send requests to this server: it must
/// not change anything (cross-site request forgery), nor start computations. That it cannot read
/// answers under a name of its own is the server's check of the host.
struct RequestGuard: RouterMiddleware {
    /// The header that pages from elsewhere cannot send without being asked first, which is refused.
    static let header = "X-Strata"

    func handle(
        _ request: Request, context: ServerRequestContext,
        next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            try check(request)
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let shown = StudioError(error)
            if shown.status == .internalServerError { context.logger.error("\(error)") }
            return Answer.error(shown)
        }
    }

    func check(_ request: Request) throws(StudioError) {
        if let origin = request.headers[.origin] {
            let authority = request.head.authority?.lowercased() ?? ""
            guard ["http://\(authority)", "https://\(authority)"].contains(origin.lowercased())
            else { throw Self.stranger }
        }
        if let site = request.headers[Self.site], site != "same-origin", site != "none" {
            throw Self.stranger
        }
        guard request.method == .get || request.method == .head else {
            guard let name = HTTPField.Name(Self.header), request.headers[name] != nil else {
                throw StudioError(
                    .forbidden,
                    "a request that changes something needs the header \(Self.header): 1")
            }
            return
        }
    }

    private static let stranger = StudioError(
        .forbidden, "a page from elsewhere may not use this server; open the server's own page")
    private static let site = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
#endif
