#if Server
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// What every request passes first.
///
/// It gets its id, is refused unless it has the token and comes to the right host, and is counted.
struct RequestGate: RouterMiddleware {
    typealias Context = ServerRequestContext

    /// Probes have no token.
    private static let probes: Set = ["/v2/health/live", "/v2/health/ready"]
    private static let safeMethods: Set<HTTPRequest.Method> = [.get, .head, .options]

    private let token: BearerToken?
    /// Beside those of probes.
    private let openPaths: Set<String>
    private let hosts: HostCheck?
    private let metrics: HTTPMetrics

    init(
        _ settings: InferenceServer.Settings, openPaths: Set<String>, metrics: HTTPMetrics
    ) {
        self.openPaths = openPaths
        token = settings.token.map { BearerToken($0) }
        hosts = token == nil ? HostCheck(settings.host) : nil
        self.metrics = metrics
    }

    func handle(
        _ request: Request, context: ServerRequestContext,
        next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        let arrival = ContinuousClock.now
        let id = RequestID.id(of: request)
        var context = context
        context.logger[metadataKey: "request_id"] = "\(id)"
        var response: Response
        if let refusal = refusal(request) {
            response = ErrorResponses.response(refusal)
        } else {
            response = try await next(request, context)
        }
        response.headers[.requestID] = id
        let duration = arrival.duration(to: .now)
        metrics.record(request.method, response.status, duration)
        context.logger.debug(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(response.status.code)", "seconds": "\(duration.seconds)",
            ])
        return response
    }

    private func refusal(_ request: Request) -> ServingError? {
        if Self.probes.contains(request.uri.path) { return nil }
        if let token {
            if openPaths.contains(request.uri.path) { return nil }
            return token.admits(request.headers[.authorization]) ? nil : .unauthenticated
        }
        let authority = request.head.authority
        if let hosts, let authority, !hosts.admits(authority) {
            // The page of another site whose name was made to point here.
            return ServingError(
                .permissionDenied,
                "the host is not this server's; use its address, as in \(hosts.example), or start "
                    + "it with a token")
        }
        if !Self.safeMethods.contains(request.method), let origin = request.headers[.origin],
            origin != "http://\(authority ?? "")", origin != "https://\(authority ?? "")"
        {
            return ServingError(
                .permissionDenied,
                "pages of other sites may not call this server; call it from a program, or start it "
                    + "with a token")
        }
        return nil
    }
}

/// The names under which a server is found that listens at this machine alone.
///
/// A site can let its name point to 127.0.0.1, so that its page may read what the server answers. The
/// browser then sends that name.
package struct HostCheck: Sendable {
    let example: String
    private let names: Set<String>

    /// - Returns: `nil` if the address is not of this machine alone.
    init?(_ host: String) {
        guard Self.isLoopback(host) else { return nil }
        example = host.contains(":") ? "[\(host)]" : host
        names = ["localhost", "127.0.0.1", "[::1]", example.lowercased()]
    }

    package static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
        return host.lowercased() == "localhost" || host == "::1"
            || (isAddress && parts[0] == "127")
    }

    /// - Parameter authority: a host, with or without a port.
    func admits(_ authority: String) -> Bool {
        var host = authority.lowercased()
        if let colon = host.lastIndex(of: ":"),
            host[host.index(after: colon)...].allSatisfy(\.isNumber)
        {
            host = String(host[..<colon])
        }
        return names.contains(host)
    }
}

/// The name of a request in answers and logs.
private enum RequestID {
    private static let process = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    private static let count = Atomic(0)

    /// The client's, if it is short and harmless; otherwise a new one.
    static func id(of request: Request) -> String {
        if let id = request.headers[.requestID], (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy(isHarmless)
        {
            return id
        }
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return "\(process)-\(number)"
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "+"),
            UInt8(ascii: "="):
            true
        default: false
        }
    }
}

extension HTTPField.Name {
    /// `X-Request-Id`.
    static let requestID: HTTPField.Name = {
        guard let name = HTTPField.Name("X-Request-Id") else { return .eTag }
        return name
    }()
}
#endif
