internal import Logging

/// Tells a user what should be known though nothing has failed.
///
/// The warning goes to a logger labelled `strata`. Its handler is the one that the program bootstrapped, or
/// swift-log's, which writes to standard error. A logger is made for each warning: a program may bootstrap
/// its handler at any time, and warnings are rare.
///
/// - Parameters:
///   - text: one line: what is the case, and what to do about it.
///   - file: where the warning comes from; also `function` and `line`.
package func warn(
    _ text: String, file: String = #fileID, function: String = #function, line: UInt = #line
) {
    Logger(label: "strata").warning("\(text)", file: file, function: function, line: line)
}
