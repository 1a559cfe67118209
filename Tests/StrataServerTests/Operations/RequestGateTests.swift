#if Server
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Strata
import Testing

@testable import StrataServer

@Suite struct RequestGateTests {
    private func server(
        _ change: (inout InferenceServer.Settings) -> Void = { _ in }
    ) throws -> InferenceServer {
        var settings = InferenceServer.Settings()
        change(&settings)
        return InferenceServer(
            ModelRepository(["sum": try SumModel.predictor(bias: 0)]), settings: settings)
    }

    /// The status, headers and body of the answer.
    private func answer(
        _ server: InferenceServer, _ uri: String, method: HTTPRequest.Method = .get,
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, headers: HTTPFields, body: String) {
        try await Application(router: server.router()).test(.router) { client in
            try await client.execute(uri: uri, method: method, headers: headers) {
                ($0.status.code, $0.headers, String(buffer: $0.body))
            }
        }
    }

    @Test(arguments: [nil, "Bearer wrong", "Basic right", "right"])
    func `without the token only probes are answered`(authorization: String?) async throws {
        let server = try server { $0.token = "right" }
        var headers = HTTPFields()
        headers[.authorization] = authorization
        for path in ["/v2", "/v2/models/sum", "/metrics", "/nowhere"] {
            let refused = try await answer(server, path, headers: headers)
            #expect(refused.status == 401)
            #expect(refused.headers[.wwwAuthenticate] == "Bearer")
            #expect(refused.body.hasPrefix(#"{"error":"#))
        }
        for path in ["/v2/health/live", "/v2/health/ready"] {
            #expect(try await answer(server, path, headers: headers).status == 200)
        }
    }

    @Test func `with the token all is answered`() async throws {
        let server = try server { $0.token = "right" }
        let headers: HTTPFields = [.authorization: "Bearer right"]
        for path in ["/v2", "/v2/models/sum", "/metrics"] {
            #expect(try await answer(server, path, headers: headers).status == 200)
        }
    }

    @Test(arguments: [
        ("http://localhost", 200), ("http://evil.example", 403), ("null", 403),
        ("http://localhost.evil.example", 403),
    ])
    func `pages of other sites may not change anything`(origin: String, status: Int) async throws {
        let headers: HTTPFields = [.origin: origin]
        let server = try server()
        let post = try await answer(
            server, "/v2/repository/index", method: .post, headers: headers)
        #expect(post.status == status)
        // The browser does not show them the answer to this.
        #expect(try await answer(server, "/v2", headers: headers).status == 200)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1:8000", true), ("127.0.0.1", "localhost", true),
        ("127.0.0.1", "LOCALHOST:80", true), ("127.0.0.1", "[::1]:8000", true),
        ("127.0.0.1", "evil.example", false), ("127.0.0.1", "evil.example:8000", false),
        ("127.0.0.1", "127.0.0.1.evil.example", false), ("127.0.0.1", "", false),
        ("127.0.0.1", "localhost:80:80", false), ("127.9.9.9", "127.9.9.9:1", true),
        ("::1", "[::1]", true), ("localhost", "127.0.0.1", true),
    ])
    func `a server of this machine alone is called by its names`(
        host: String, authority: String, isAdmitted: Bool
    ) throws {
        #expect(try #require(HostCheck(host)).admits(authority) == isAdmitted)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.0.1", "127.example.org", "example.org"])
    func `a server that others reach may have any name`(host: String) {
        #expect(HostCheck(host) == nil)
    }

    @Test(arguments: ["a", "0af7651916cd43dd8448eb211c80319c", "req-1_2.3:4/5+6="])
    func `the client's request id comes back`(id: String) async throws {
        let headers: HTTPFields = [.requestID: id]
        #expect(try await answer(try server(), "/v2", headers: headers).headers[.requestID] == id)
    }

    @Test(arguments: ["", "two words", "ä", "<script>", String(repeating: "a", count: 129)])
    func `another id is replaced, and each request has its own`(id: String) async throws {
        let server = try server()
        let headers: HTTPFields = [.requestID: id]
        let ids = [
            try await answer(server, "/v2", headers: headers).headers[.requestID],
            try await answer(server, "/v2", headers: headers).headers[.requestID],
        ].compactMap { $0 }
        #expect(Set(ids).count == 2)
        #expect(!ids.contains(id))
    }

    @Test func `a server that is about to end is alive and not ready`() async throws {
        let server = try server()
        #expect(try await answer(server, "/v2/health/ready").status == 200)
        server.health.drain()
        #expect(try await answer(server, "/v2/health/ready").status == 503)
        #expect(try await answer(server, "/v2/health/live").status == 200)
    }

    @Test func `requests are counted by method and status, whatever clients call them`()
        async throws
    {
        let server = try server()
        _ = try await answer(server, "/v2")
        _ = try await answer(server, "/v2")
        _ = try await answer(server, "/v2/models/unknown")
        for name in ["BREW", "WHEN"] {
            _ = try await answer(
                server, "/v2", method: try #require(HTTPRequest.Method(rawValue: name)))
        }
        let response = try await answer(server, "/metrics")
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = response.body.split(separator: "\n")
            .filter { $0.hasPrefix("strata_http_requests_total") }
        #expect(
            lines == [
                #"strata_http_requests_total{method="GET",status="200"} 2"#,
                #"strata_http_requests_total{method="GET",status="404"} 1"#,
                #"strata_http_requests_total{method="other",status="405"} 2"#,
            ])
        #expect(!response.body.contains("unknown"))
        #expect(response.body.contains("\nprocess_resident_memory_bytes "))
    }
}
#endif
