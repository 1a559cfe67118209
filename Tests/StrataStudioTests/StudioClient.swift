#if Server
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Strata
import StrataServer
import StrataStudio
import Testing

/// A client of the page's API in tests, without a socket.
struct StudioClient: Sendable {
    let client: any TestClientProtocol

    /// Runs `body` with a server of these models.
    static func with(
        _ models: [String: Model] = [:], settings: Studio.Settings = Studio.Settings(),
        _ body: @Sendable (StudioClient) async throws -> Void
    ) async throws {
        let repository = ModelRepository(try models.mapValues { try Predictor($0) })
        let server = InferenceServer(
            repository, routes: [PageFiles(), Studio(repository, settings: settings)])
        try await Application(router: server.router()).test(.router) { client in
            try await body(StudioClient(client: client))
        }
    }

    /// The JSON of an answer.
    @discardableResult
    func get(
        _ path: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:],
        at location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        try await send(path, .get, nil, headers: headers, status: status, at: location)
    }

    @discardableResult
    func post(
        _ path: String, _ body: JSONValue, status: HTTPResponse.Status = .ok,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[try #require(HTTPField.Name("X-Strata"))] = "1"
        return try await send(
            path, .post, ByteBuffer(string: body.text), headers: headers, status: status,
            at: location)
    }

    /// Sends a picture.
    func post(
        _ path: String, png picture: Tensor, at location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        var headers: HTTPFields = [.contentType: "image/png"]
        headers[try #require(HTTPField.Name("X-Strata"))] = "1"
        return try await send(
            path, .post, ByteBuffer(bytes: try ImageEncoder.png(picture)), headers: headers,
            status: .ok, at: location)
    }

    func send(
        _ path: String, _ method: HTTPRequest.Method, _ body: ByteBuffer?, headers: HTTPFields,
        status: HTTPResponse.Status, at location: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        try await client.execute(uri: path, method: method, headers: headers, body: body) {
            response in
            let text = String(buffer: response.body)
            #expect(response.status == status, "\(text)", sourceLocation: location)
            return try JSONValue(parsing: text)
        }
    }

    func bytes(_ path: String) async throws -> [UInt8] {
        try await client.execute(uri: path, method: .get) { response in
            #expect(response.status == .ok)
            return Array(buffer: response.body)
        }
    }
}

extension JSONValue {
    subscript(index: Int) -> JSONValue? {
        if case .array(let items) = self, items.indices.contains(index) {
            items[index]
        } else {
            nil
        }
    }

    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    var string: String? { if case .string(let text) = self { text } else { nil } }

    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The values of a tensor of the API.
    var floats: [Float] {
        guard let text = self["float32"]?.string, let data = Data(base64Encoded: text) else {
            return []
        }
        return stride(from: 0, to: data.count, by: 4).map { start in
            Float(
                bitPattern: data[start..<start + 4].reversed().reduce(UInt32(0)) {
                    $0 << 8 | UInt32($1)
                })
        }
    }
}

extension Tensor {
    /// A gray picture of given pixels.
    static func gray(_ rows: [[UInt8]]) -> Tensor {
        Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count, 1])
    }
}
#endif
