internal import Logging

/// Logs a warning.
///
/// The warning goes to a logger labelled `strata`. Its handler is that of the program, or
/// swift-log's default, which writes to standard error. A logger is made for each warning: a
/// program may install its handler at any time, and warnings are rare.
///
/// - Parameters:
///   - text: one line: the problem and a fix.
///   - file: where the warning comes from; also `function` and `line`.
package func warn(
    _ text: String, file: String = #fileID, function: String = #function, line: UInt = #line
) {
    Logger(label: "strata").warning("\(text)", file: file, function: function, line: line)
}
