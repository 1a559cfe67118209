/// A streaming reader of the gzip files of data sets.
final class GzipReader {
    private let file: String
    private let stream: GzipStream

    /// - Parameter file: the file's name in errors.
    init(_ compressed: [UInt8], file: String) throws(DataError) {
        self.file = file
        do throws(GzipStream.Failure) {
            stream = try GzipStream(compressed)
        } catch {
            throw Self.corrupt(file, error)
        }
    }

    /// The next `count` bytes, all of them.
    func read(_ count: Int) throws(DataError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        let filled = try fill(&result)
        guard filled == count else {
            throw .corruptSet(
                file: file, problem: "it ends \(count - filled) bytes early once unpacked")
        }
        return result
    }

    /// Skips the next `count` bytes.
    func skip(_ count: Int) throws(DataError) {
        var left = count
        while left > 0 {
            let step = min(left, 1 << 16)
            _ = try read(step)
            left -= step
        }
    }

    /// Checks that no data follows, neither in the compressed stream nor after it.
    func finish() throws(DataError) {
        var one: [UInt8] = [0]
        guard try fill(&one) == 0 else {
            throw .corruptSet(file: file, problem: "more data follows than its header announces")
        }
        guard stream.rest == 0 else {
            throw .corruptSet(
                file: file, problem: "\(stream.rest) bytes follow the end of its gzip stream")
        }
    }

    private func fill(_ result: inout [UInt8]) throws(DataError) -> Int {
        do throws(GzipStream.Failure) {
            return try stream.fill(&result)
        } catch {
            throw Self.corrupt(file, error)
        }
    }

    private static func corrupt(_ file: String, _ failure: GzipStream.Failure) -> DataError {
        let problem =
            switch failure {
            case .notStarted(let status): "zlib could not be started (\(status))"
            case .cutOff: "its gzip stream is truncated"
            case .damaged(let message):
                "its gzip stream is damaged" + (message.map { " (\($0))" } ?? "")
            }
        return .corruptSet(file: file, problem: problem)
    }
}
