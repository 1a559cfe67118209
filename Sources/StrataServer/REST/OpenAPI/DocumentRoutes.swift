#if Server
import HTTPTypes
package import Hummingbird
import NIOCore
import Strata

/// `GET /openapi.json`: the description of the HTTP interface.
package struct DocumentRoutes: RouteGroup {
    /// Made for the first request.
    private static let document = ByteBuffer(string: OpenAPIDocument.json.text)

    package init() {}

    package func addRoutes(to router: Router<ServerRequestContext>) {
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: Self.document))
        }
    }
}
#endif
