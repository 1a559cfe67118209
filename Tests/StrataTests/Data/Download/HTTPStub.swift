import Foundation
import Synchronization

/// A web server on the loopback interface that says what a test wants, well-behaved or not.
final class HTTPStub: Sendable {
    struct Answer {
        var status = "200 OK"
        var headers: [String] = []
        var body: [UInt8] = []
        /// Bytes of the body after which the connection is closed.
        var cutAfter: Int?
        /// Whether the length is said beforehand.
        var announcesLength = true
    }

    let address: String
    private let listener: Int32
    private let answers: [String: Answer]
    private let received = Mutex<[String]>([])

    /// - Parameter answers: by path, such as `/file.gz`.
    init(_ answers: [String: Answer]) throws {
        self.answers = answers
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        address = "http://127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
        Thread { [self] in serve() }.start()
    }

    /// Has to be called: the thread that serves keeps the server alive.
    func stop() {
        // Wakes up `accept`, which closing would not.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The requests so far, each with its headers.
    var requests: [String] { received.withLock { $0 } }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 { break }
            answer(on: connection)
            close(connection)
        }
        close(listener)
    }

    private func answer(on connection: Int32) {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return }
            request += buffer[..<count]
        }
        let text = String(decoding: request, as: UTF8.self)
        received.withLock { $0.append(text) }
        let path = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let answer = answers[path] ?? Answer(status: "404 Not Found")
        var head = ["HTTP/1.1 \(answer.status)", "Connection: close"] + answer.headers
        if answer.announcesLength { head.append("Content-Length: \(answer.body.count)") }
        var output = Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        output += answer.body.prefix(answer.cutAfter ?? answer.body.count)
        var sent = 0
        while sent < output.count {
            let count = output.withUnsafeBytes { bytes in
                send(
                    connection, bytes.baseAddress.map { $0 + sent }, output.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { break }
            sent += count
        }
        shutdown(connection, Int32(SHUT_WR))
        // Until the other side has read all of it; closing before could take it away.
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
    }
}
