internal import Foundation
internal import Synchronization

/// The display of a download's progress.
struct ProgressOutput: Sendable {
    /// Whether a line can be overwritten.
    var isTerminal: Bool
    var write: @Sendable (String) -> Void
    /// The current maximum width of such a line; unlimited if left out.
    var lineLength: @Sendable () -> Int? = { nil }

    /// The process's standard error, so that standard output has only results.
    static let standardError = ProgressOutput(
        isTerminal: Console.canRedraw(STDERR_FILENO),
        write: { Console.writeError($0) },
        lineLength: { TerminalWindow(of: STDERR_FILENO)?.lineLength })
}

/// One file's progress: a bar that grows on a terminal, one plain line elsewhere.
final class DownloadProgress: Sendable {
    private let file: RemoteFile
    private let output: ProgressOutput
    private let shown = Mutex(-1)

    init(file: RemoteFile, output: ProgressOutput) {
        self.file = file
        self.output = output
    }

    func start() {
        if output.isTerminal {
            advance(to: 0)
        } else {
            let size = DownloadProgress.megabytes(file.byteCount)
            output.write("Downloading \(file.address) (\(size) MB)\n")
        }
    }

    func advance(to received: Int) {
        guard output.isTerminal, file.byteCount > 0 else { return }
        let percent = received * 100 / file.byteCount
        let isNews = shown.withLock { shown in
            defer { shown = percent }
            return shown != percent
        }
        if isNews {
            let line = DownloadProgress.line(
                file, received: received, columns: output.lineLength())
            output.write("\r" + line)
        }
    }

    /// Ends the line; an incomplete bar is erased, since an error follows.
    func end(succeeded: Bool) {
        guard output.isTerminal else { return }
        output.write(succeeded ? "\n" : "\r\u{1B}[K")
    }

    /// The bar's line: `t10k-images-idx3-ubyte.gz  2.2/4.4 MB  ━━━━━━━━━━──────────  50 %`.
    ///
    /// - Parameter columns: the maximum width; the bar is shortened first.
    static func line(_ file: RemoteFile, received: Int, columns: Int? = nil) -> String {
        let percent = file.byteCount > 0 ? received * 100 / file.byteCount : 100
        let size = "\(file.name)  \(megabytes(received))/\(megabytes(file.byteCount)) MB  "
        let end = "  \(percent) %"
        let room = columns.map { $0 - size.columnCount - end.columnCount } ?? 20
        let bar = String.progressBar(percent, of: 100, columns: min(max(room, 0), 20))
        let line = size + bar + end
        return columns.map { line.shortened(toColumns: $0) } ?? line
    }

    private static func megabytes(_ byteCount: Int) -> String {
        String(format: "%.1f", Double(byteCount) / 1e6)
    }
}
