#if Server
/// The token that clients show, over HTTP and gRPC alike.
package struct BearerToken: Sendable {
    private let bytes: [UInt8]

    package init(_ token: String) {
        bytes = Array(token.utf8)
    }

    /// Whether the value of a header `Authorization` is `Bearer` and this token.
    ///
    /// How long it takes depends on the length of what the client sent alone, so that nobody can
    /// find the token byte by byte from the time of the answers.
    package func admits(_ authorization: String?) -> Bool {
        guard let authorization, !bytes.isEmpty else { return false }
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, String(parts[0])?.lowercased() == "bearer" else { return false }
        let given = Array(parts[1].drop { $0 == UInt8(ascii: " ") })
        var difference = UInt(bitPattern: given.count ^ bytes.count)
        for (index, byte) in given.enumerated() {
            difference |= UInt(byte ^ bytes[index % bytes.count])
        }
        return difference == 0
    }
}

extension ServingError {
    /// What a request without the right token gets.
    package static let unauthenticated = ServingError(
        .unauthenticated, "the server wants its token: send the header Authorization: Bearer TOKEN")
}
#endif
