internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Downloads one file over HTTP.
///
/// The bytes stay in memory until the file is complete and its checksum is verified. So an
/// interruption of any kind, even a kill, leaves nothing on the disk.
final class Download: NSObject, URLSessionDataDelegate {
    private struct State {
        var bytes: [UInt8] = []
        var refusal: (status: Int, body: [UInt8])?
        var failure: DownloadFailure?
    }

    private let file: RemoteFile
    private let progress: DownloadProgress
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)

    private init(_ file: RemoteFile, progress: DownloadProgress) {
        self.file = file
        self.progress = progress
    }

    /// Returns the contents of `file.address`, following redirections.
    static func fetch(
        _ file: RemoteFile, output: ProgressOutput
    ) throws(DownloadFailure) -> [UInt8] {
        guard let url = URL(string: file.address) else {
            throw .noConnection(reason: "the address is malformed")
        }
        let download = Download(file, progress: DownloadProgress(file: file, output: output))
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 60
        configuration.urlCache = nil
        let session = URLSession(
            configuration: configuration, delegate: download, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        var request = URLRequest(url: url)
        // The checksum is that of the file as stored: a server must not compress it again.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        download.progress.start()
        session.dataTask(with: request).resume()
        download.ended.wait()
        let result = download.result()
        download.progress.end(succeeded: (try? result.get()) != nil)
        return try result.get()
    }

    private func result() -> Result<[UInt8], DownloadFailure> {
        state.withLock { state in
            if let refusal = state.refusal {
                return .failure(
                    .refused(
                        status: refusal.status,
                        reason: HTTPURLResponse.localizedString(forStatusCode: refusal.status),
                        body: Download.readable(refusal.body)))
            }
            if let failure = state.failure { return .failure(failure) }
            guard state.bytes.count == file.byteCount else {
                return .failure(
                    .cutShort(received: state.bytes.count, expected: file.byteCount))
            }
            let found = SHA256.hexadecimal(state.bytes)
            return found == file.sha256
                ? .success(state.bytes)
                : .failure(.wrongChecksum(expected: file.sha256, found: found))
        }
    }

    /// The start of a server's message, on one line and without control characters.
    private static func readable(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 32 } }
        return String(words.joined(separator: " ").prefix(200))
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        if let status = (response as? HTTPURLResponse)?.statusCode, status != 200 {
            state.withLock { $0.refusal = (status, []) }
        }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let (received, isTooLong) = state.withLock { state in
            if state.refusal != nil {
                // Enough of an error page to show; it may be of any length.
                state.refusal?.body += data.prefix(4096)
                return (0, (state.refusal?.body.count ?? 0) > 4096)
            }
            if state.bytes.count + data.count > file.byteCount {
                state.failure = .tooLong(expected: file.byteCount)
                return (0, true)
            }
            state.bytes += data
            return (state.bytes.count, false)
        }
        if isTooLong { dataTask.cancel() }
        if received > 0 { progress.advance(to: received) }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        state.withLock { state in
            if let error, state.failure == nil, state.refusal == nil {
                state.failure =
                    state.bytes.isEmpty
                    ? .noConnection(reason: error.localizedDescription)
                    : .cutShort(received: state.bytes.count, expected: file.byteCount)
            }
        }
        ended.signal()
    }
}
