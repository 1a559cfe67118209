internal import Foundation

/// A connection to a port of this machine that sends just the bytes it is told to.
package final class LoopbackClient: Sendable {
    package struct Failure: Error {
        package let code: Int32
    }

    private let socket: Int32

    /// - Parameter timeout: how many seconds an answer is waited for.
    package init(port: Int, timeout: Int = 60) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var time = timeval(tv_sec: timeout, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(code: errno) }
    }

    deinit { close(socket) }

    /// A client that has gone is no error.
    package func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// What comes until `end` has come, or the server closes.
    ///
    /// - Throws: a ``Failure`` if neither happens in time.
    package func receive(until end: String? = nil) throws -> String {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: all, as: UTF8.self)
            if let end, text.contains(end) { return text }
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 || (count < 0 && errno == ECONNRESET) { return text }
            guard count > 0 else { throw Failure(code: errno) }
            all += buffer[..<count]
        }
    }

    /// The whole answer to a request, after which the server closes.
    package static func answer(
        to request: String, headers: [String] = [], body: String = "", port: Int
    ) throws -> String {
        let client = try LoopbackClient(port: port)
        let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
        let head =
            ["\(request) HTTP/1.1", "Host: localhost", "Connection: close"] + length + headers
        client.send(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return try client.receive()
    }
}
