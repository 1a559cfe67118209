import Synchronization
import Testing

@testable import Strata

@Suite(.timeLimit(.minutes(10))) struct DownloadTests {
    private static let contents: [UInt8] = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    // Python: hashlib.sha256(bytes(i // 7 & 255 for i in range(100000))).hexdigest()
    private static let checksum = "2226f0ed4623b0caa9c4e266a7adeb1928a89a3d61628516f2f35936c96d6107"

    private func remote(_ server: HTTPStub, _ path: String, sha256: String = checksum) -> RemoteFile
    {
        RemoteFile(
            address: server.address + path, byteCount: DownloadTests.contents.count,
            sha256: sha256)
    }

    private let silence = ProgressOutput(isTerminal: false) { _ in }

    /// What comes of fetching from a server that gives `answer`.
    private func fetch(
        _ answer: HTTPStub.Answer, sha256: String = checksum
    ) throws -> [UInt8] {
        let server = try HTTPStub(["/file": answer])
        defer { server.stop() }
        return try Download.fetch(remote(server, "/file", sha256: sha256), output: silence)
    }

    @Test func `a file comes as it is`() throws {
        #expect(try fetch(.init(body: DownloadTests.contents)) == DownloadTests.contents)
    }

    @Test func `a file comes from a server that does not say how long it is`() throws {
        let answer = HTTPStub.Answer(body: DownloadTests.contents, announcesLength: false)
        #expect(try fetch(answer) == DownloadTests.contents)
    }

    @Test func `a redirection is followed`() throws {
        let server = try HTTPStub([
            "/old": .init(status: "302 Found", headers: ["Location: /new"]),
            "/new": .init(body: DownloadTests.contents),
        ])
        defer { server.stop() }
        let bytes = try Download.fetch(remote(server, "/old"), output: silence)
        #expect(bytes == DownloadTests.contents)
    }

    @Test func `the file is asked for without further compression`() throws {
        let server = try HTTPStub(["/file": .init(body: DownloadTests.contents)])
        defer { server.stop() }
        _ = try Download.fetch(remote(server, "/file"), output: silence)
        let headers = try #require(server.requests.first).split(separator: "\r\n")
        let encodings = headers.filter { $0.lowercased().hasPrefix("accept-encoding") }
        #expect(encodings == ["Accept-Encoding: identity"])
    }

    @Test func `a missing file is refused with the server's words`() throws {
        #expect(
            throws: DownloadFailure.refused(
                status: 404, reason: "Not Found", body: "no such object")
        ) {
            try fetch(.init(status: "404 Not Found", body: Array("no such\nobject\u{1B}".utf8)))
        }
    }

    @Test func `a server's long complaint is shortened`() throws {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        #expect(
            throws: DownloadFailure.refused(
                status: 500, reason: "Internal Server Error",
                body: String(repeating: "x", count: 200))
        ) {
            try fetch(.init(status: "500 Internal Server Error", body: body))
        }
    }

    @Test(arguments: [true, false])
    func `a connection that ends early is noticed`(_ announcesLength: Bool) {
        let answer = HTTPStub.Answer(
            body: DownloadTests.contents, cutAfter: 40_000, announcesLength: announcesLength)
        #expect(throws: DownloadFailure.cutShort(received: 40_000, expected: 100_000)) {
            try fetch(answer)
        }
    }

    @Test(arguments: [true, false])
    func `a file that is too long is not taken in`(_ announcesLength: Bool) {
        let answer = HTTPStub.Answer(
            body: DownloadTests.contents + [1], announcesLength: announcesLength)
        #expect(throws: DownloadFailure.tooLong(expected: 100_000)) { try fetch(answer) }
    }

    @Test func `other bytes than the published ones are refused`() {
        let wrong = String(repeating: "0", count: 64)
        #expect(
            throws: DownloadFailure.wrongChecksum(expected: wrong, found: DownloadTests.checksum)
        ) {
            try fetch(.init(body: DownloadTests.contents), sha256: wrong)
        }
    }

    @Test func `a server that is not there is no connection`() throws {
        let server = try HTTPStub([:])
        server.stop()
        let error = #expect(throws: DownloadFailure.self) {
            try Download.fetch(remote(server, "/file"), output: silence)
        }
        guard case .noConnection(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }

    /// What is written while a file is fetched.
    private func progress(isTerminal: Bool, _ answer: HTTPStub.Answer) throws -> String {
        let text = Written()
        let server = try HTTPStub(["/file": answer])
        defer { server.stop() }
        _ = try? Download.fetch(
            remote(server, "/file"),
            output: ProgressOutput(isTerminal: isTerminal) { part in text.add(part) })
        return text.all.replacing(server.address, with: "ADDRESS")
    }

    private final class Written: Sendable {
        private let text = Mutex("")
        func add(_ part: String) { text.withLock { $0 += part } }
        var all: String { text.withLock { $0 } }
    }

    @Test func `outside of a terminal one line says what is fetched`() throws {
        let text = try progress(isTerminal: false, .init(body: DownloadTests.contents))
        #expect(text == "Downloading ADDRESS/file (0.1 MB)\n")
    }

    @Test func `on a terminal a bar grows to its end`() throws {
        let text = try progress(isTerminal: true, .init(body: DownloadTests.contents))
        let lines = text.split(separator: "\r")
        #expect(lines.first == "file  0.0/0.1 MB  ────────────────────  0 %")
        #expect(lines.last == "file  0.1/0.1 MB  ━━━━━━━━━━━━━━━━━━━━  100 %\n")
    }

    @Test func `a bar that cannot reach its end is wiped out`() throws {
        let text = try progress(isTerminal: true, .init(status: "404 Not Found"))
        #expect(text == "\rfile  0.0/0.1 MB  ────────────────────  0 %\r\u{1B}[K")
    }
}
