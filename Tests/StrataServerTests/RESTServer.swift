#if Server
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Strata
import StrataServer
import Testing

/// A server without a socket, and what it answers.
struct RESTServer {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue { get throws { try JSONValue(parsing: text) } }
        /// The sentence of an error.
        var error: String {
            guard case .string(let message)? = (try? json)?["error"] else {
                return "no error: \(text)"
            }
            return message
        }
    }

    private let server: InferenceServer

    init(
        _ models: [String: Predictor], _ change: (inout InferenceServer.Settings) -> Void = { _ in }
    ) {
        var settings = InferenceServer.Settings()
        change(&settings)
        server = InferenceServer(ModelRepository(models), settings: settings)
    }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:],
        body: [UInt8]? = nil
    ) async throws -> Answer {
        try await Application(router: server.router()).test(.router) { client in
            try await client.execute(
                uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) }
            ) {
                Answer(
                    status: $0.status.code, headers: $0.headers, body: Array(buffer: $0.body))
            }
        }
    }

    func get(_ uri: String) async throws -> Answer { try await send(.get, uri) }

    func post(_ uri: String, _ json: String) async throws -> Answer {
        try await send(
            .post, uri, headers: [.contentType: "application/json"], body: Array(json.utf8))
    }
}

/// Little-endian bytes.
func bytes<T>(_ values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
#endif
