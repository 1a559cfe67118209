#if Server
import HummingbirdTesting
import Hummingbird
import Strata
import StrataServer
import Testing

@Suite struct ServerTests {
    @Test func anUnknownPathIsNotFound() async throws {
        let server = InferenceServer(ModelRepository([:]))
        try await Application(router: server.router()).test(.router) { client in
            try await client.execute(uri: "/nowhere", method: .get) { response in
                #expect(response.status == .notFound)
            }
        }
    }
}
#endif
