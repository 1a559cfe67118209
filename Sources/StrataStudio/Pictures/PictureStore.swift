#if Server
import HTTPTypes
import Strata
import Synchronization

/// The pictures that the page sent last.
final class PictureStore: Sendable {
    /// Of the pictures' pixels; a picture of its own may be larger.
    private static let byteLimit = 256 << 20

    private struct Entries {
        var pictures: [String: Tensor] = [:]
        /// The oldest first.
        var order: [String] = []
        var byteCount = 0
    }

    private let limit: Int
    private let entries = Mutex(Entries())

    /// - Parameter limit: the number of pictures that are kept.
    init(limit: Int = 64) {
        self.limit = limit
    }

    /// Keeps a picture.
    ///
    /// - Returns: a name that cannot be guessed.
    func keep(_ picture: Tensor) -> String {
        let name = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        entries.withLock { entries in
            entries.pictures[name] = picture
            entries.order.append(name)
            entries.byteCount += picture.byteCount
            while entries.order.count > 1,
                entries.order.count > limit || entries.byteCount > Self.byteLimit
            {
                let oldest = entries.order.removeFirst()
                entries.byteCount -= entries.pictures.removeValue(forKey: oldest)?.byteCount ?? 0
            }
        }
        return name
    }

    /// - Throws: a ``StudioError`` if it is not there any more.
    func picture(_ name: String) throws(StudioError) -> Tensor {
        guard let picture = entries.withLock({ $0.pictures[name] }) else {
            throw StudioError(
                .notFound,
                "the picture is not kept any more: only the last \(limit) are; send it again")
        }
        return picture
    }
}
#endif
