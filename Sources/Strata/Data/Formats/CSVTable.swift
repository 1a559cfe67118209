/// A CSV table with the column names in the first line.
///
/// ```swift
/// let table = try CSVTable(file: "iris.csv")
/// let (y, names) = try table.classes("species")
/// let source = try ArraySource(table.numbers(["length", "width"]), y)
/// ```
///
/// ### Source
/// RFC 4180: a quoted field may contain commas, line ends and doubled quotes. Spaces around a
/// column's name are removed, and a column without a name is called `Unnamed: 0`, as in pandas.
public struct CSVTable: Sendable, Hashable {
    public let columnNames: [String]
    private let rows: [[String]]
    private let file: String

    /// The number of rows below the names.
    public var count: Int { rows.count }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: the file's path.
    ///   - separator: the separator of fields.
    /// - Throws: ``DataError``: a file that is unreadable or not UTF-8 text, a line with another
    ///   number of fields than the first, an unterminated quote, two columns of one name.
    public init(file path: String, separator: Character = ",") throws(DataError) {
        let bytes = try DataFile.read(path)
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            let kind = FileKind(bytes, path: path)
            let (found, cure) = kind.instead(of: .table)
            let isOtherText = kind == .unknown || kind == .text
            throw .corruptFile(
                file: path, problem: isOtherText ? "it is not UTF-8 text" : found,
                fix: isOtherText ? "save it as CSV in UTF-8" : cure)
        }
        try self.init(text: text, file: path, separator: separator)
    }

    init(text: String, file: String, separator: Character = ",") throws(DataError) {
        var lines: [[String]] = [[]]
        var field = ""
        var isQuoted = false
        var rest = text[...]
        // A byte order mark, which some programs write.
        if rest.first == "\u{FEFF}" { rest.removeFirst() }
        while let character = rest.popFirst() {
            if isQuoted {
                if character != "\"" {
                    field.append(character)
                } else if rest.first == "\"" {
                    field.append("\"")
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", field.isEmpty {
                isQuoted = true
            } else if character == separator || Self.endsLine(character) {
                lines[lines.count - 1].append(field)
                field = ""
                if Self.endsLine(character) { lines.append([]) }
            } else {
                field.append(character)
            }
        }
        func failure(_ problem: String, _ fix: String) -> DataError {
            .corruptFile(file: file, problem: problem, fix: fix)
        }
        if isQuoted { throw failure("a quote does not end", "add the second quote") }
        lines[lines.count - 1].append(field)
        // Empty lines, such as the last.
        let filled = lines.enumerated().filter { $0.element != [""] }
        guard let names = filled.first?.element.enumerated().map(Self.columnName) else {
            throw failure("there is nothing in it", "begin with the names of the columns")
        }
        var numbers: [String: Int] = [:]
        for (index, name) in names.enumerated() {
            if let first = numbers.updateValue(index, forKey: name) {
                throw failure(
                    "columns \(first + 1) and \(index + 1) are both called \(name)",
                    "give each column a name of its own in the first line")
            }
        }
        for (number, fields) in filled where fields.count != names.count {
            throw failure(
                "line \(number + 1) has \(fields.count) fields, where the first has \(names.count)",
                "give every line as many")
        }
        columnNames = names
        rows = filled.dropFirst().map(\.element)
        self.file = file
    }

    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }

    private static func columnName(_ index: Int, _ field: String) -> String {
        let name = trimmed(field)
        return name.isEmpty ? "Unnamed: \(index)" : name
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(
            start.prefix(start.count - start.reversed().prefix(while: \.isWhitespace).count))
    }

    private func position(_ column: String) throws(DataError) -> Int {
        guard let position = columnNames.firstIndex(of: Self.trimmed(column)) else {
            throw .invalidArgument(
                "\(file) has no column \(column)",
                fix: "use one of \(columnNames.joined(separator: ", "))")
        }
        return position
    }

    /// Numeric columns.
    ///
    /// - Parameter columns: the column names; all if left out.
    /// - Returns: `float32 [count, columns]`.
    /// - Throws: ``DataError`` if there is no such column, or it has a field that is not a number.
    public func numbers(_ columns: [String]? = nil) throws(DataError) -> Tensor {
        var positions: [Int] = []
        for column in columns ?? columnNames { positions.append(try position(column)) }
        var values: [Float] = []
        for (number, row) in rows.enumerated() {
            for position in positions {
                let text = row[position].filter { !$0.isWhitespace }
                guard let value = Float(text), value.isFinite else {
                    throw .corruptFile(
                        file: file,
                        problem: "\"\(row[position])\" in row \(number + 1) of column "
                            + "\(columnNames[position]) is no number",
                        fix: "fill it in, or take out the row")
                }
                values.append(value)
            }
        }
        return Tensor(values, shape: [rows.count, positions.count])
    }

    /// A text column as class indices.
    ///
    /// - Returns: `int32 [count]`, and the class names, in alphabetical order.
    /// - Throws: ``DataError`` if there is no such column.
    public func classes(_ column: String) throws(DataError) -> (y: Tensor, names: [String]) {
        let position = try position(column)
        let names = Set(rows.map { $0[position] }).sorted()
        let numbers = Dictionary(
            uniqueKeysWithValues: names.enumerated().map { ($1, Int32(clamping: $0)) })
        return (Tensor(rows.map { numbers[$0[position]] ?? 0 }), names)
    }
}
