#if Server
import Strata
import StrataServer
import Testing

/// Triton's extension `model_repository`.
@Suite struct RepositoryRouteTests {
    private func server(control: Bool) throws -> RESTServer {
        RESTServer(["b": try TinyModels.identity(), "a": try TinyModels.identity()]) {
            $0.allowsModelControl = control
        }
    }

    @Test(arguments: ["", "{}", #"{"ready": true}"#])
    func `the index names all versions`(body: String) async throws {
        let answer = try await server(control: false).post("/v2/repository/index", body)
        #expect(answer.status == 200)
        #expect(
            try answer.json == [
                ["name": "a", "version": "1", "state": "READY", "reason": ""],
                ["name": "b", "version": "1", "state": "READY", "reason": ""],
            ])
    }

    @Test(arguments: ["load", "unload"])
    func `models are not controlled unless it is allowed`(verb: String) async throws {
        let path = "/v2/repository/models/a/\(verb)"
        let answer = try await server(control: false).post(path, "{}")
        #expect(answer.status == 403)
        #expect(answer.error.contains("--model-control"))
    }

    @Test func `wrong bodies are refused`() async throws {
        let server = try server(control: true)
        let index = try await server.post("/v2/repository/index", #"{"ready": 1}"#)
        #expect(index.status == 400)
        let load = try await server.post(
            "/v2/repository/models/a/load", #"{"parameters": {"config": "{}"}}"#)
        #expect(load.status == 400)
        #expect(load.error.contains("\"config\""))
        let unknown = try await server.post("/v2/repository/models/z/unload", "{}")
        #expect(unknown.status == 404)
    }

    @Test func `a model is unloaded and no longer served`() async throws {
        let server = try server(control: true)
        let answer = try await server.post(
            "/v2/repository/models/a/unload", #"{"parameters": {"unload_dependents": false}}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try await server.get("/v2/models/a").status != 200)
        #expect(try await server.get("/v2/models/b").status == 200)
    }
}
#endif
