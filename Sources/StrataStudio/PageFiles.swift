#if Server
internal import CStudioPage
import Foundation
import HTTPTypes
public import Hummingbird
import NIOCore
public import StrataServer

/// The files of the page, which are part of the binary.
public struct PageFiles: RouteGroup {
    /// Nothing is loaded from elsewhere, and no script but the page's own files runs.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        + "connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"

    private struct File {
        let name: String
        let type: String
        let bytes: UnsafeBufferPointer<UInt8>
    }

    public init() {}

    private var files: [File] {
        var count = 0
        return UnsafeBufferPointer(start: strata_page_files(&count), count: count).map { file in
            File(
                name: String(cString: file.name), type: String(cString: file.media_type),
                bytes: UnsafeBufferPointer(start: file.bytes, count: file.count))
        }
    }

    public var openPaths: Set<String> { Set(["/"] + files.map { "/\($0.name)" }) }

    public func addRoutes(to router: Router<ServerRequestContext>) {
        for file in files {
            let body = ByteBuffer(bytes: file.bytes)
            let tag = Self.tag(file.bytes)
            let headers: HTTPFields = [
                .contentType: file.type, .contentSecurityPolicy: Self.policy,
                .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
                // Asked for each time, and sent again only after an update of the binary.
                .cacheControl: "no-cache", .eTag: tag,
            ]
            let response: @Sendable (Request, ServerRequestContext) -> Response = { request, _ in
                guard request.headers[.ifNoneMatch] != tag else {
                    return Response(status: .notModified, headers: headers)
                }
                return Response(
                    status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
            }
            router.get("/\(file.name)", use: response)
            if file.name == "index.html" { router.get("/", use: response) }
        }
    }

    /// By the contents (Fowler, Noll and Vo's hash).
    private static func tag(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return "\"\(String(hash, radix: 16))\""
    }
}

extension HTTPField.Name {
    /// `Referrer-Policy`.
    fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .eTag
}
#endif
