/// A published file: its address, size and checksum.
struct RemoteFile: Sendable, Hashable {
    let address: String
    let byteCount: Int
    /// In hexadecimal.
    let sha256: String

    /// The last part of the address.
    var name: String { address.split(separator: "/").last.map(String.init) ?? address }
}
