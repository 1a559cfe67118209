public import Foundation

/// Writes the logs of every epoch into a file of comma-separated values.
///
/// Every line is on the disk before the next epoch begins. Keras 3.15.1 `CSVLogger`.
public final class CSVLogger: Callback {
    public let url: URL
    public let separator: String
    private let appends: Bool
    private var file: FileHandle?
    private var columns: [String] = []

    /// - Parameters:
    ///   - path: the file.
    ///   - separator: what stands between values.
    ///   - append: whether the lines are added to those of a file that is there.
    public init(_ path: String, separator: String = ",", append: Bool = false) {
        url = URL(fileURLWithPath: path)
        self.separator = separator
        appends = append
    }

    public override func onTrainBegin() throws {
        columns = []
        let old = appends ? (try? String(contentsOf: url, encoding: .utf8)) : nil
        if let header = old?.split(separator: "\n").first {
            columns = header.components(separatedBy: separator).dropFirst().map { $0 }
        } else {
            try Data().write(to: url)
        }
        file = try FileHandle(forWritingTo: url)
        try file?.seekToEnd()
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        if columns.isEmpty {
            columns = logs.keys.sorted()
            try write(["epoch"] + columns)
        }
        // An epoch without validation has no values for those columns.
        try write(["\(epoch)"] + columns.map { name in logs[name].map { "\($0)" } ?? "NA" })
    }

    private func write(_ cells: [String]) throws {
        try file?.write(contentsOf: Data((cells.joined(separator: separator) + "\n").utf8))
    }

    public override func onTrainEnd(logs: Logs) throws {
        try file?.close()
        file = nil
    }
}
