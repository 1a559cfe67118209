#if Server
import HTTPTypes
import Hummingbird
import Logging
import StrataServer

/// Lets only the page itself use its API, and turns errors into answers.
///
/// A page from elsewhere that is open in the same browser can send requests to this server: it must
/// neither change anything (cross-site request forgery) nor read anything under a name of its own
/// that resolves to this machine (DNS rebinding).
struct RequestGuard: RouterMiddleware {
    /// The header that pages from elsewhere cannot send without being asked first, which is refused.
    static let header = "X-Strata"

    /// The hosts by which a server at the loopback address is called; `nil` for one that others
    /// reach by names that it does not know.
    let hosts: Set<String>?

    /// - Parameter host: the address that the server listens at.
    init(host: String) {
        let isLocal = LoopbackAddress.contains(host)
        hosts = isLocal ? ["localhost", "127.0.0.1", "[::1]", host.lowercased()] : nil
    }

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
        let authority = request.head.authority?.lowercased() ?? ""
        if let hosts, !hosts.contains(Self.host(of: authority)) {
            throw StudioError(
                .forbidden,
                "this server is called localhost or by its address; open the page under that name")
        }
        if let origin = request.headers[.origin] {
            let own = origin.lowercased().split(separator: "/").last.map(String.init) ?? ""
            guard own == authority, origin.contains("://") else { throw Self.stranger }
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

    /// The authority without its port.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}

/// The names and addresses that only this machine reaches.
enum LoopbackAddress {
    static func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || host == "::1" || host == "[::1]"
            || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
#endif
