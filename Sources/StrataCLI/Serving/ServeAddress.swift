#if Server
import ArgumentParser
import Foundation
import StrataServer

/// The options of `strata serve` that say who may connect.
struct ServeAddress: ParsableArguments {
    @Option(
        help: "The address to listen at; 0.0.0.0 for all of the machine.")
    var host: String = "127.0.0.1"

    @Option(
        parsing: .unconditional, help: "The port, or 0 for any that is free. (default: 8000)",
        transform: OptionRange.port.parse)
    var port: Int = 8000

    @Option(
        parsing: .unconditional,
        help: "The port for gRPC, or 0 for any that is free. (default: no gRPC)",
        transform: OptionRange.port.parse)
    var grpcPort: Int?

    @Option(help: "A file with the token that clients must show: Authorization: Bearer TOKEN.")
    var tokenFile: String?

    @Option(help: "The certificate for TLS, and those of its issuers: a PEM file.")
    var tlsCertificate: String?

    @Option(help: "The key of the certificate: a PEM file.")
    var tlsKey: String?

    @Option(
        parsing: .unconditional,
        help: "The largest body of a request in mebibytes. (default: 64)",
        transform: OptionRange.mebibytes.parse)
    var maxBody: Int = 64

    @Option(
        parsing: .unconditional,
        help: "The most open connections; further ones are closed. (default: 4096)",
        transform: OptionRange.connections.parse)
    var maxConnections: Int = 4096

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError(
                "--tls-certificate and --tls-key belong together; give both, or none of them.")
        }
        guard port == 0 || port != grpcPort else {
            throw ValidationError("--port and --grpc-port are both \(port); use two ports.")
        }
    }

    /// Leaves room for other headers, which have 16 KiB together.
    private static let longestToken = 4096

    /// - Throws: a ``Failure`` if the token cannot be read.
    func settings() throws -> InferenceServer.Settings {
        var settings = InferenceServer.Settings()
        // As in a URL, an IPv6 address may be in brackets.
        settings.host =
            host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        settings.port = port
        settings.grpcPort = grpcPort
        settings.token = try tokenFile.map(token)
        if let tlsCertificate, let tlsKey {
            settings.tls = InferenceServer.TLSFiles(certificate: tlsCertificate, key: tlsKey)
        }
        settings.maxBodySize = maxBody << 20
        settings.maxConnections = maxConnections
        return settings
    }

    private func token(_ path: String) throws -> String {
        // Of a pipe too, as in --token-file <(print-token).
        guard let file = FileHandle(forReadingAtPath: path),
            let bytes = try? file.readToEnd() ?? Data()
        else {
            throw Failure(
                "\(Suggestion.shown(path)): the token cannot be read; check the path and the "
                    + "permissions", .noInput)
        }
        let token = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Failure(
                "\(path): a token is one line of letters, digits and signs; make one with: "
                    + "openssl rand -hex 32 > \(path)", .data)
        }
        guard token.utf8.count <= Self.longestToken else {
            throw Failure(
                "\(path): the token has \(token.utf8.count) letters, and headers may not be so long; "
                    + "use up to \(Self.longestToken)", .data)
        }
        return token
    }
}

extension OptionRange where Value == Int {
    static let port = OptionRange(0...65_535)
    static let mebibytes = OptionRange(1...65_536)
    static let connections = OptionRange(1...1_000_000)
}
#endif
