#if Server
import Foundation
import Strata
import StrataTestSupport
import Testing

/// `strata serve` from its start to its end.
@Suite struct ServeTests {
    /// A program that serves, with what it has said so far.
    private struct Server {
        let process: Process
        let output: Pipe
        let errors: Pipe
        let port: Int

        /// Reads the lines of the start.
        init(_ workplace: Workplace, _ arguments: [String]) throws {
            process = workplace.process(["serve", "--port", "0", "--threads", "1"] + arguments)
            (output, errors) = (Pipe(), Pipe())
            process.standardOutput = output
            process.standardError = errors
            try process.run()
            let line = try output.fileHandleForReading.line()
            let prefix = "Serving at http://127.0.0.1:"
            #expect(line.hasPrefix(prefix))
            port = Int(line.dropFirst(prefix.count).prefix { $0.isNumber }) ?? 0
        }

        /// Ends it by a signal.
        ///
        /// - Returns: what it wrote to standard error.
        func end(by signal: Int32) throws -> String {
            kill(process.processIdentifier, signal)
            _ = try output.fileHandleForReading.readToEnd()
            let text = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return String(decoding: text, as: UTF8.self)
        }
    }

    private static let request =
        #"{"inputs":[{"name":"numbers","shape":[1,2],"datatype":"FP32","data":[3,4]}]}"#

    /// The output is the sum of two numbers and the bias.
    private func write(bias: Float, to path: String) throws {
        let model = try Sequential(name: "sum") {
            Input(shape: [2], name: "numbers")
            Dense(1, kernelInitializer: .ones, biasInitializer: .constant(bias), name: "total")
        }
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true)
        try model.save(to: path)
    }

    private func infer(_ port: Int) throws -> String {
        try LoopbackClient.answer(
            to: "POST /v2/models/sum/infer", headers: ["Content-Type: application/json"],
            body: Self.request, port: port)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `it serves a file until a signal ends it, and that is a success`(signal: Int32) throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("sum.keras"))
        let server = try Server(workplace, ["sum.keras"])
        #expect(try server.output.fileHandleForReading.line() == "  sum version 1")
        let answer = try infer(server.port)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains(#""data":[8"#))
        let errors = try server.end(by: signal)
        #expect(server.process.terminationReason == .exit)
        #expect(server.process.terminationStatus == 0)
        // Nothing for each request.
        #expect(errors.split(separator: "\n").count == 2)
        #expect(errors.hasSuffix(" info: ended\n"))
    }

    /// A connection that waits for nothing must not keep the process.
    @Test func `an open connection does not keep it from ending`() throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("sum.keras"))
        let server = try Server(workplace, ["sum.keras"])
        let client = try LoopbackClient(port: server.port)
        client.send("GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(try client.receive(until: "true}").hasPrefix("HTTP/1.1 200 OK\r\n"))
        _ = try server.end(by: SIGTERM)
        #expect(server.process.terminationStatus == 0)
        #expect(try client.receive() == "")
    }

    @Test func `a new version in a repository is served, and the log says so as JSON`() throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("models/sum/1/model.keras"))
        // A warning of the library is a line of this log too.
        try FileManager.default.createDirectory(
            atPath: workplace.path("runs/0001-broken"), withIntermediateDirectories: true)
        try "{".write(
            toFile: workplace.path("runs/0001-broken/settings.json"), atomically: true,
            encoding: .utf8)
        let server = try Server(workplace, ["models", "--poll", "0.1", "--log", "json"])
        _ = try LoopbackClient.answer(to: "GET /api/runs", port: server.port)
        #expect(try infer(server.port).contains(#""data":[8"#))
        try write(bias: 2, to: workplace.path("models/sum/2/model.keras"))
        let end = ContinuousClock.now + .seconds(60)
        while try !infer(server.port).contains(#""data":[9"#), .now < end {}
        #expect(try infer(server.port).contains(#""model_version":"2""#))
        let lines = try server.end(by: SIGTERM).split(separator: "\n")
        let messages = try lines.map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return (value as? [String: String])?["message"] ?? ""
        }
        #expect(messages.contains { $0.contains("0001-broken/settings.json") })
        #expect(
            messages.filter { !$0.contains("settings.json") } == [
                "version 1 of model sum is loaded", "version 2 of model sum is loaded",
                "version 1 of model sum is unloaded", "ended",
            ])
    }

    @Test func `the token of the file is asked for`() throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("sum.keras"))
        try "secret\n".write(
            toFile: workplace.path("token"), atomically: true, encoding: .utf8)
        let server = try Server(workplace, ["sum.keras", "--token-file", "token", "--verbose"])
        #expect(try infer(server.port).hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
        let answer = try LoopbackClient.answer(
            to: "GET /v2", headers: ["Authorization: Bearer secret"], port: server.port)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        let errors = try server.end(by: SIGTERM)
        #expect(errors.contains(" debug: request "))
        #expect(!errors.contains("secret"))
    }

    @Test func `a port in use ends it with a cure`() throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("sum.keras"))
        let server = try Server(workplace, ["sum.keras"])
        let outcome = try workplace.strata("serve", "sum.keras", "--port", "\(server.port)")
        _ = try server.end(by: SIGTERM)
        #expect(outcome.code == 71)
        #expect(
            outcome.errors.hasSuffix(
                "Error: port \(server.port) of 127.0.0.1 is in use; choose another, or 0 for any "
                    + "that is free\n"))
        #expect(outcome.output == "")
    }

    /// In a folder with `sum.keras`, `a/sum.keras`, `broken.keras`, the folder `models`, the file
    /// `token`, which is empty, and the file `long`.
    @Test(arguments: [
        ("sun.keras", 66, "sun.keras: no such file; did you mean sum.keras?"),
        (
            "broken.keras", 65,
            "broken.keras: it is a JPEG picture, not a .keras file; give a whole .keras file, with "
                + "layers that Strata has"
        ),
        ("models sum.keras", 64, "models is a folder; give one repository, or files"),
        ("sum.keras --versions all", 64, "--versions is for a repository; files have one version"),
        (
            "sum.keras a/sum.keras", 66,
            "sum.keras and a/sum.keras would both be the model sum; rename one, or give a folder of "
                + "models, as in models/sum/1/model.keras"
        ),
        (
            "sum.keras --token-file nothing", 66,
            "nothing: the token cannot be read; check the path and the permissions"
        ),
        (
            "sum.keras --token-file token", 65,
            "token: a token is one line of letters, digits and signs; make one with: "
                + "openssl rand -hex 32 > token"
        ),
        (
            "sum.keras --tls-certificate none.pem --tls-key none.key", 66,
            "none.pem cannot be read: No such file or directory; check its name and its permissions"
        ),
        (
            "sum.keras --tls-certificate models --tls-key token", 66,
            "models is a folder; give a PEM file"
        ),
        (
            "sum.keras --token-file long", 65,
            "long: the token has 4097 letters, and headers may not be so long; use up to 4096"
        ),
    ])
    func `what cannot be served is told with a cure`(
        line: String, code: Int32, message: String
    ) throws {
        let workplace = try Workplace()
        try write(bias: 1, to: workplace.path("sum.keras"))
        try write(bias: 1, to: workplace.path("a/sum.keras"))
        try write(bias: 1, to: workplace.path("models/sum/1/model.keras"))
        try Data().write(to: URL(fileURLWithPath: workplace.path("token")))
        try Data([0xFF, 0xD8, 0xFF, 0xE0])
            .write(to: URL(fileURLWithPath: workplace.path("broken.keras")))
        try Data(repeating: UInt8(ascii: "a"), count: 4097)
            .write(to: URL(fileURLWithPath: workplace.path("long")))
        let words = line.split(separator: " ").map(String.init)
        let outcome = try workplace.strata(["serve", "--port", "0"] + words)
        #expect(outcome.code == code)
        #expect(outcome.errors.split(separator: "\n").last.map(String.init) == "Error: \(message)")
        #expect(outcome.output == "")
    }
}
#endif
