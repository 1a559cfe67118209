#if Server
import Foundation
import Logging
import Strata
import StrataTestSupport
import Testing

@testable import StrataServer

/// What clients of a socket may do.
@Suite(.serialized) struct ConnectionTests {
    /// Serves at a free port while `body` runs, on a thread that it may block.
    private func serving(
        _ change: (inout InferenceServer.Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        try await running(change) { port in
            let result = await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(returning: Result { try body(port) })
                }
            }
            try result.get()
        }
    }

    /// Serves at a free port while `body` runs.
    private func running(
        _ change: (inout InferenceServer.Settings) -> Void = { _ in },
        _ body: (_ port: Int) async throws -> Void
    ) async throws {
        var settings = InferenceServer.Settings()
        settings.port = 0
        change(&settings)
        let server = InferenceServer(
            ModelRepository(["sum": try SumModel.predictor(bias: 0)]), settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let running = Task {
            defer { continuation.finish() }
            try await server.run(handlingSignals: false) { continuation.yield($0.port) }
        }
        var port: Int?
        for await found in ports {
            port = found
            break
        }
        if let port {
            let failure: (any Error)?
            do {
                try await body(port)
                failure = nil
            } catch {
                failure = error
            }
            running.cancel()
            _ = await running.result
            if let failure { throw failure }
        } else {
            try await running.value
        }
    }

    private static let live = "GET /v2/health/live"

    @Test func `a connection too many is closed, the others are served`() async throws {
        try await serving({ $0.maxConnections = 1 }) { port in
            let first = try LoopbackClient(port: port)
            first.send("\(Self.live) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try first.receive(until: "true}").hasPrefix("HTTP/1.1 200 OK\r\n"))
            let second = try LoopbackClient(port: port)
            #expect(try second.receive() == "")
            first.send("\(Self.live) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try first.receive(until: "true}").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(arguments: [
        "", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        "POST /v2/models/sum/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{",
        "POST /v2/models/sum/infer HTTP/1.1\r\nHost: localhost\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
    ])
    func `a client that does not go on is left`(beginning: String) async throws {
        try await serving({ $0.clientTimeout = .milliseconds(50) }) { port in
            let client = try LoopbackClient(port: port)
            client.send(beginning)
            #expect(try client.receive() == "")
        }
    }

    @Test func `a connection without a further request is closed`() async throws {
        try await serving({
            $0.idleTimeout = .milliseconds(20)
            $0.clientTimeout = .milliseconds(40)
        }) { port in
            let client = try LoopbackClient(port: port)
            client.send("\(Self.live) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try client.receive().hasSuffix(#"{"live": true}"#))
        }
    }

    /// Slow clients by the hundred do not keep another one waiting.
    @Test func `slow clients do not stop others`() async throws {
        try await serving { port in
            let slow = try (0..<200).map { _ in
                let client = try LoopbackClient(port: port)
                client.send("POST /v2/models/sum/infer HTTP/1.1\r\nHost: localhost\r\nX-")
                return client
            }
            let answer = try LoopbackClient.answer(to: Self.live, port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(slow.count == 200)
        }
    }

    @Test(arguments: [
        "Content-Length: 2000\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n7d0\r\n\(String(repeating: " ", count: 2000))\r\n",
    ])
    func `a body that is too large is refused before it has come, and the connection ends`(
        rest: String
    ) async throws {
        try await serving({ $0.maxBodySize = 1000 }) { port in
            let client = try LoopbackClient(port: port)
            client.send(
                "POST /v2/models/sum/infer HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\n\(rest)")
            let answer = try client.receive()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(
                answer.contains(
                    #"{"error":"the body has more than 1000 bytes; send fewer samples in a request"}"#
                ))
        }
    }

    @Test func `headers that are too large are refused`() async throws {
        try await serving({ $0.maxHeaderSize = 1000 }) { port in
            let header = "X-A: \(String(repeating: "a", count: 2000))"
            let answer = try LoopbackClient.answer(to: Self.live, headers: [header], port: port)
            #expect(answer.hasPrefix("HTTP/1.1 4"))
        }
    }

    @Test func `a client that asks before it sends its body is told to go on`() async throws {
        try await serving { port in
            let body =
                #"{"inputs":[{"name":"numbers","shape":[1,2],"datatype":"FP32","data":[3,4]}]}"#
            let client = try LoopbackClient(port: port)
            client.send(
                "POST /v2/models/sum/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n")
            #expect(try client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
            client.send(body)
            let answer = try client.receive()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains(#""data":[7"#))
        }
    }

    @Test func `the page of another site that has our address is refused`() async throws {
        try await serving { port in
            let client = try LoopbackClient(port: port)
            client.send("GET /v2 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
            #expect(try client.receive().hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        }
    }

    @Test func `a port in use is an error with a cure`() async throws {
        try await running { port in
            let error = await #expect(throws: ServerStartError.self) {
                try await running({ $0.port = port }) { _ in }
            }
            #expect(
                error?.description
                    == "port \(port) of 127.0.0.1 is in use; choose another, or 0 for any that is free"
            )
        }
    }

    @Test(arguments: [
        (nil, "KEY", "cannot be read: No such file or directory"),
        ("no", "KEY", "has no certificate; it is a PEM file that begins with"),
    ])
    func `files that are not for TLS are errors with a cure`(
        certificate: String?, key: String, reason: String
    ) async throws {
        let folder = try TemporaryFolder()
        if let certificate { try folder.write(Array(certificate.utf8), to: "c.pem") }
        try folder.write(Array(key.utf8), to: "k.pem")
        let files = InferenceServer.TLSFiles(
            certificate: folder.path("c.pem"), key: folder.path("k.pem"))
        let error = await #expect(throws: ServerStartError.self) {
            try await running({ $0.tls = files }) { _ in }
        }
        #expect(error?.description.contains("c.pem \(reason)") == true)
    }

    /// NIO ends the process if an accepted connection is dropped unclosed.
    @Test func `a server that is cancelled while clients connect ends in order`() async throws {
        for _ in 0..<20 {
            try await serving { port in
                for _ in 0..<20 { _ = try LoopbackClient(port: port) }
            }
        }
    }
}
#endif
