public import Foundation

/// Writes the logs of every epoch to a CSV file.
///
/// The columns are those of the first epoch by name, with `val_` ones in any case; a value that an
/// epoch does not have is `NA`. Epochs are counted from 0, as Keras does. Every line is in the file
/// before the next epoch begins. Training that ``BackupAndRestore`` resumes continues the lines of the
/// same file. Keras 3.15.1 `CSVLogger`.
public final class CSVLogger: Callback, EpochCallback {
    public var url: URL { URL(fileURLWithPath: path) }
    private let path: String
    public let separator: String
    private let appends: Bool
    private let firstEpoch: Int
    private var columns: [String] = []
    /// Whether the lines of earlier training are still to be removed.
    private var isOld = false

    /// - Parameters:
    ///   - path: the file.
    ///   - separator: the separator of values.
    ///   - append: whether lines are appended to an existing file, which loses a last line without
    ///     an end.
    public convenience init(_ path: String, separator: String = ",", append: Bool = false) {
        self.init(path, separator: separator, append: append, firstEpoch: 0)
    }

    /// - Parameter firstEpoch: the number of the first epoch; 0 in Keras.
    package init(
        _ path: String, separator: String = ",", append: Bool = false, firstEpoch: Int
    ) {
        self.path = path
        self.separator = separator
        appends = append
        self.firstEpoch = firstEpoch
    }

    public override func onTrainBegin() throws {
        // Whether training is resumed, is known once all callbacks saw its start.
        isOld = !appends
        try FileContents.append([], to: path)
        try readColumns()
    }

    private func readColumns() throws {
        let old = isOld ? [] : try FileContents.readIfPresent(path) ?? []
        // Without a line end, the process died while writing the line.
        let whole = old.lastIndex(of: UInt8(ascii: "\n")).map { Array(old[...$0]) } ?? []
        if whole != old { try FileContents.write(whole, to: path) }
        let header = String(decoding: whole, as: UTF8.self).split(whereSeparator: \.isNewline).first
        columns = header?.components(separatedBy: separator).dropFirst().map { $0 } ?? []
    }

    /// Empties the file, unless lines are appended to it.
    private func begin() throws {
        if isOld { try FileContents.write([], to: path) }
        isOld = false
    }

    public override func onEpochBegin(_ epoch: Int) throws { try begin() }

    public override func onTrainEnd(logs: Logs) throws { try begin() }

    public override func savedState() -> CallbackState? {
        FileContents.size(of: path).map { CallbackState(["bytes": .integer($0)]) }
    }

    /// Removes the lines of epochs that are trained again.
    public override func restore(_ state: CallbackState) throws {
        guard let size = FileContents.size(of: path),
            let count = state.values["bytes"]?.integer, (0...size).contains(count)
        else { return }
        isOld = false
        try FileContents.truncate(path, to: count)
        try readColumns()
    }

    public override func onEpochEnd(_ epoch: Int, logs: Logs) throws {
        if columns.isEmpty {
            columns = logs.keys
            // Validation may come in a later epoch only.
            if !columns.contains(where: { $0.hasPrefix("val_") }) {
                columns += columns.map { "val_\($0)" }
            }
            try write(["epoch"] + columns)
        }
        // An epoch without validation has no values for those columns.
        try write(["\(epoch + firstEpoch)"] + columns.map { name in Self.cell(logs.values(name)) })
    }

    /// One value as it is, several as Keras writes them: `"[0.5, 0.25]"` with quotation marks,
    /// which RFC 4180 doubles within a quoted cell.
    private static func cell(_ values: [Float]) -> String {
        switch values.count {
        case 0: "NA"
        case 1: "\(values[0])"
        default: "\"\"\"[\(values.map { "\($0)" }.joined(separator: ", "))]\"\"\""
        }
    }

    /// Line endings as in Keras and RFC 4180.
    private func write(_ cells: [String]) throws(FileError) {
        let line = cells.joined(separator: separator)
        try FileContents.append(Array((line + "\r\n").utf8), to: path)
    }
}
