internal import CCrypto

/// Checksums by OpenSSL's libcrypto.
enum SHA256 {
    /// The SHA-256 of `bytes` (FIPS 180-4), in hexadecimal.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        _ = EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil)
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
