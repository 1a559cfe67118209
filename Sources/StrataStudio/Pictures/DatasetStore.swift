#if Server
import HTTPTypes
import Dispatch
import Strata
import Synchronization

/// The test pictures of the data sets in the cache, each set read when it is first asked for.
final class DatasetStore: Sendable {
    private let loaded = Mutex<[String: LabelledImages]>([:])
    private let queue = DispatchQueue(label: "strata.studio.datasets")

    /// - Throws: a ``StudioError`` if there is no such set, or it is not in the cache.
    func info(_ name: String) throws(StudioError) -> DatasetInfo {
        guard let info = DatasetInfo.named(name) else {
            throw StudioError(
                .notFound,
                "there is no data set \(name); the data sets are "
                    + DatasetInfo.all.map(\.name).joined(separator: ", "))
        }
        guard info.isCached else {
            throw StudioError(
                .notFound,
                "\(info.title) is not in the cache; strata train \(info.name) downloads it")
        }
        return info
    }

    /// The test pictures of a set.
    func test(_ name: String) async throws -> LabelledImages {
        let info = try info(name)
        if let known = loaded.withLock({ $0[info.name] }) { return known }
        // Reading takes up to a second, in which the server's threads answer others.
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        if let known = self.loaded.withLock({ $0[info.name] }) { return known }
                        let images = try info.loadTest()
                        self.loaded.withLock { $0[info.name] = images }
                        return images
                    })
            }
        }
    }

    /// A test picture.
    func picture(_ name: String, index: Int) async throws -> TestPicture {
        let images = try await test(name)
        let info = try info(name)
        guard (0..<images.count).contains(index) else {
            throw StudioError(
                .notFound, "\(info.title) has the test pictures 0 to \(images.count - 1)")
        }
        let pixels = images.x[index]
        return TestPicture(
            set: info, index: index, label: images.y[index..<index + 1].integers.first ?? 0,
            pixels: pixels.rank == 2 ? try pixels.expandingDims(at: -1) : pixels)
    }

    /// The sets that can be used, as JSON.
    static func json(onlyCached: Bool = false) -> JSONValue {
        .array(
            DatasetInfo.all.filter { !onlyCached || $0.isCached }.map { set in
                [
                    "name": .string(set.name), "title": .string(set.title),
                    "subject": .string(set.subject), "shape": JSONValue(set.imageShape),
                    "trainCount": .integer(set.trainCount), "testCount": .integer(set.testCount),
                    "classes": JSONValue(set.classNames), "isCached": .bool(set.isCached),
                    "summary": .string(set.summary),
                ]
            })
    }
}

/// A test picture of a data set.
struct TestPicture: Sendable {
    let set: DatasetInfo
    let index: Int
    let label: Int
    /// `uint8 [height, width, channels]`.
    let pixels: Tensor

    var json: JSONValue {
        [
            "picture": .string("\(set.name):\(index)"), "index": .integer(index),
            "label": .integer(label),
            "className": JSONValue(
                text: set.classNames.indices.contains(label) ? set.classNames[label] : nil),
        ]
    }
}
#endif
