#if Server
import HTTPTypes
package import Hummingbird
import Synchronization

/// The routes of a server, for the answers to requests that fit none.
package final class RouteIndex: Sendable {
    private struct Route {
        let path: String
        let isListed: Bool
        let components: [Substring]
        var methods: [HTTPRequest.Method]
    }

    private let routes = Mutex<[Route]>([])

    package init() {}

    /// Takes the routes of a router that has them all.
    ///
    /// - Parameter listed: the paths that are named where none fits.
    package func take(_ router: Router<ServerRequestContext>, listed: Set<String>) {
        let taken = Dictionary(grouping: router.routes) { $0.path.description }.map {
            path, routes in
            Route(
                path: path, isListed: listed.contains(path), components: path.split(separator: "/"),
                methods: routes.map(\.method).sorted { $0.rawValue < $1.rawValue })
        }
        routes.withLock { $0 = taken.sorted { $0.path < $1.path } }
    }

    /// 405 with `Allow` where the path is one of the server's, otherwise 404 with the paths that are.
    func refusal(_ request: Request) -> Response {
        let routes = routes.withLock { $0 }
        let components = request.uri.path.split(separator: "/")
        let fitting = routes.filter { Self.fits(components, $0.components) }
        if fitting.isEmpty {
            let paths = routes.filter(\.isListed).map(\.path).joined(separator: ", ")
            return ErrorResponses.response(
                .notFound, "there is no \(quoted(request.uri.path)); the paths are \(paths)")
        }
        var methods = fitting.flatMap(\.methods).map(\.rawValue)
        if methods.contains("GET") { methods.append("HEAD") }
        let allowed = Set(methods).sorted().joined(separator: ", ")
        return ErrorResponses.response(
            .methodNotAllowed,
            "\(request.method.rawValue) is not for \(quoted(request.uri.path)); use \(allowed)",
            headers: [.allow: allowed])
    }

    private static func fits(_ path: [Substring], _ pattern: [Substring]) -> Bool {
        if pattern.last == "**" {
            return path.count >= pattern.count
                && fits(Array(path.prefix(pattern.count - 1)), pattern.dropLast())
        }
        return path.count == pattern.count
            && zip(path, pattern).allSatisfy { $1.hasPrefix("{") || $1 == "*" || $0 == $1 }
    }
}
#endif
