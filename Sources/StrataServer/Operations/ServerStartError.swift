#if Server
import Foundation
import HummingbirdTLS
import NIOCore
import NIOSSL

/// Why a server cannot start, with a cure; for the one who starts it: it may name paths.
public struct ServerStartError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Whether a file is missing, or cannot be read.
    package let isFileUnreadable: Bool

    init(_ description: String, isFileUnreadable: Bool = false) {
        self.description = description
        self.isFileUnreadable = isFileUnreadable
    }

    init(_ error: IOError, host: String, port: Int) {
        switch error.errnoCode {
        case EADDRINUSE:
            self.init(
                "port \(port) of \(host) is in use; choose another, or 0 for any that is free")
        case EACCES:
            self.init("port \(port) is for privileged programs; choose one from 1024 to 65535")
        case EADDRNOTAVAIL:
            self.init(
                "this machine has no address \(host); use 127.0.0.1 for this machine alone, or "
                    + "0.0.0.0 for all its addresses")
        default: self.init("\(host), port \(port), cannot be listened at: \(error)")
        }
    }
}

extension InferenceServer.TLSFiles {
    /// - Throws: a ``ServerStartError`` if a file cannot be used.
    func configuration() throws(ServerStartError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try certificates().map { .certificate($0) },
            privateKey: .privateKey(try privateKey()))
        // RFC 8996: the versions before are not to be used.
        configuration.minimumTLSVersion = .tlsv12
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServerStartError(
                "the key in \(key) does not belong to the certificate in \(certificate); give the "
                    + "files of one pair")
        }
        return configuration
    }

    private func certificates() throws(ServerStartError) -> [NIOSSLCertificate] {
        try checkReadable(certificate)
        guard let found = try? NIOSSLCertificate.fromPEMFile(certificate), !found.isEmpty else {
            throw ServerStartError(
                "\(certificate) has no certificate; it is a PEM file that begins with "
                    + "-----BEGIN CERTIFICATE-----")
        }
        return found
    }

    private func privateKey() throws(ServerStartError) -> NIOSSLPrivateKey {
        try checkReadable(key)
        guard let found = try? NIOSSLPrivateKey(file: key, format: .pem) else {
            throw ServerStartError(
                "\(key) has no key that can be read; it is a PEM file with an unencrypted private "
                    + "key")
        }
        return found
    }

    private func checkReadable(_ path: String) throws(ServerStartError) {
        guard access(path, R_OK) == 0 else {
            throw ServerStartError(
                "\(path) cannot be read: \(String(cString: strerror(errno))); check its name and "
                    + "its permissions", isFileUnreadable: true)
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw ServerStartError("\(path) is a folder; give a PEM file", isFileUnreadable: true)
        }
    }
}
#endif
