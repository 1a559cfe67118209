#if Server
import Hummingbird
import HummingbirdTesting
import StrataServer
import StrataStudio
import Testing

@Suite struct PageFileTests {
    @Test func thePageIsPartOfTheBinary() async throws {
        let server = InferenceServer(ModelRepository([:]), routes: [PageFiles()])
        try await Application(router: server.router()).test(.router) { client in
            try await client.execute(uri: "/", method: .get) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            }
        }
    }
}
#endif
