#if Server
internal import CStudioPage
import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
public import StrataServer

/// The files of the page, which are part of the binary.
public struct PageFiles: RouteGroup {
    public init() {}

    public func addRoutes(to router: Router<ServerRequestContext>) {
        var count = 0
        let files = UnsafeBufferPointer(start: strata_page_files(&count), count: count)
        for file in files {
            let name = String(cString: file.name)
            let type = String(cString: file.media_type)
            let body = ByteBuffer(bytes: UnsafeBufferPointer(start: file.bytes, count: file.count))
            let response: @Sendable (Request, ServerRequestContext) -> Response = { _, _ in
                Response(
                    status: .ok, headers: [.contentType: type],
                    body: ResponseBody(byteBuffer: body))
            }
            router.get("/\(name)", use: response)
            if name == "index.html" { router.get("/", use: response) }
        }
    }
}
#endif
