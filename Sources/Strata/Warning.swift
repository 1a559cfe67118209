import Foundation

/// What a user should know though nothing has failed: one line on standard error.
func warn(_ text: String) {
    FileHandle.standardError.write(Data("warning: \(text)\n".utf8))
}
