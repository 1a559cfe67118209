#if Server
extension InferenceServer {
    /// What can be set of a server.
    ///
    /// How requests are gathered into batches is a property of the models, see ``Batching``.
    public struct Settings: Sendable {
        /// The address to listen at: this machine alone, unless told otherwise.
        public var host = "127.0.0.1"
        /// The port for HTTP; 0 for any that is free.
        public var port = 8000
        /// The port for gRPC; 0 for any that is free, `nil` for no gRPC.
        public var grpcPort: Int?

        /// The bearer token that each request must carry, but for those of live and ready; `nil` if
        /// everyone may ask.
        public var token: String?
        /// The files of the certificate and the key; `nil` for unencrypted connections.
        public var tls: TLSFiles?
        /// How often the repository is looked at for new files; `nil` for never.
        public var pollInterval: Duration?
        /// Whether clients may load and unload models.
        public var allowsModelControl = false

        /// The largest body of a request in bytes.
        public var maxBodySize = 64 << 20
        /// The largest size of all headers of a request in bytes.
        public var maxHeaderSize = 16 << 10
        /// The most pixels of a picture in a request, width × height.
        public var maxPixels = 50_000_000
        /// How deep the arrays and objects of a request's JSON may be nested.
        public var maxJSONDepth = 32
        /// The most open connections; further ones are closed at once.
        public var maxConnections = 4096
        /// How long a connection may stay open without a request.
        public var idleTimeout: Duration = .seconds(75)
        /// How long a client may take to send the headers of a request, and how long it may pause
        /// within the body.
        public var clientTimeout: Duration = .seconds(20)
        /// How long requests that are being answered may take after SIGTERM.
        public var drainTimeout: Duration = .seconds(30)

        public init() {}
    }

    /// The files for TLS, both PEM.
    public struct TLSFiles: Sendable, Hashable {
        /// The server's certificate, followed by those of its issuers.
        public let certificate: String
        public let key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }
}
#endif
